# SPDX-License-Identifier: Apache-2.0
# Clone against a workspace that is not ours.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.clone_fake
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_clone_fake.py $<TARGET_FILE:clxs>)
add_test(NAME interop.cross_fake
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_cross_fake.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.clone_fake interop.cross_fake PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")

# Files in volumes.
add_test(NAME interop.files_fake
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_files_fake.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.files_fake PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
