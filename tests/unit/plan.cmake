# SPDX-License-Identifier: Apache-2.0
foreach(test graph journal executor plan_print)
  clxs_test(${test} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_${test}.c LIBS clxs_plan clxs_testhost)
endforeach()

add_executable(stress_executor ${CMAKE_SOURCE_DIR}/tests/unit/stress_executor.c)
target_compile_options(stress_executor PRIVATE ${CLXS_WARNINGS})
target_link_libraries(stress_executor PRIVATE clxs_plan clxs_testhost)
add_test(NAME stress_executor COMMAND stress_executor)
set_tests_properties(stress_executor PROPERTIES LABELS "unit;stress" TIMEOUT 300
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:")
