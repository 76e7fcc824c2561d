# SPDX-License-Identifier: Apache-2.0
# Which rows a clone brings, on the embedded sandbox.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.clone_tables
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_clone_tables.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.clone_tables PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
