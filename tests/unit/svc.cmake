# SPDX-License-Identifier: Apache-2.0
foreach(test svc svc_net svc_run svc_checked)
  clxs_test(${test} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_${test}.c ${CMAKE_SOURCE_DIR}/tests/unit/svc_fixture.c
            LIBS clxs_svc clxs_net_fixture clxs_meta clxs_cache clxs_conf clxs_out clxs_cli)
  target_include_directories(test_${test} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
endforeach()

# See stress_net in net.cmake.
add_executable(stress_svc ${CMAKE_SOURCE_DIR}/tests/unit/stress_svc.c ${CMAKE_SOURCE_DIR}/tests/unit/svc_fixture.c)
target_compile_options(stress_svc PRIVATE ${CLXS_WARNINGS})
target_include_directories(stress_svc PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(stress_svc PRIVATE clxs_svc clxs_net_fixture clxs_meta clxs_cache clxs_conf clxs_out clxs_cli)
set_target_properties(stress_svc PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_test(NAME stress_svc COMMAND stress_svc)
set_tests_properties(stress_svc PROPERTIES LABELS "tsan;unit" TIMEOUT 300
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:")
