# SPDX-License-Identifier: Apache-2.0
# What clone copies beside the objects, on the embedded sandbox; and from one of its workspaces to another.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.clone_metadata
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_clone_metadata.py $<TARGET_FILE:clxs>)
add_test(NAME interop.cross_sandbox
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_cross_sandbox.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.clone_metadata interop.cross_sandbox PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
