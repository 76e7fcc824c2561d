# SPDX-License-Identifier: Apache-2.0
# What clxs plan promises, against what a clone then does.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.plan COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_plan.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.plan PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
