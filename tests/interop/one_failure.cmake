# SPDX-License-Identifier: Apache-2.0
# One object that fails among others that do not.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.one_failure
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_one_failure.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.one_failure PROPERTIES LABELS interop TIMEOUT 300 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
