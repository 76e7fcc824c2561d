# SPDX-License-Identifier: Apache-2.0
foreach(test graph journal claim executor plan_print)
  clxs_test(${test} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_${test}.c LIBS clxs_plan clxs_testhost)
endforeach()

clxs_stress(stress_executor SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/stress_executor.c LIBS clxs_plan clxs_testhost)
clxs_test(files SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_files.c LIBS clxs_files clxs_testhost)
