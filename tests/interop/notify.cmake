# SPDX-License-Identifier: Apache-2.0
# Notifications and audit rows, seen by those who get them.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
foreach(test notify audit)
  add_test(NAME interop.${test}
    COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_${test}.py $<TARGET_FILE:clxs>)
  set_tests_properties(interop.${test} PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}"
    FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
endforeach()
