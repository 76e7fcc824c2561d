# SPDX-License-Identifier: Apache-2.0
# The analysis commands agree with each other, and schema-drift mends what it finds.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.analysis
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_analysis.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.analysis PROPERTIES LABELS interop TIMEOUT 300 ENVIRONMENT "${clxs_interop_env}"
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
