# SPDX-License-Identifier: Apache-2.0
# A journal that cannot be written.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.disk_full
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_disk_full.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.disk_full PROPERTIES LABELS interop TIMEOUT 300 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
