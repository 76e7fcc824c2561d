# SPDX-License-Identifier: Apache-2.0
# What `clxs diff` says of a copy, and of the copy after one change.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.diff
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_diff.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.diff PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
