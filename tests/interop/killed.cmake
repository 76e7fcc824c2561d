# SPDX-License-Identifier: Apache-2.0
# Clones that are killed while they run, and taken up again.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.killed
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_killed.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.killed PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")

# Files in volumes.
add_test(NAME interop.clone_files
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_clone_files.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.clone_files PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
