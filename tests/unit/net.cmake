# SPDX-License-Identifier: Apache-2.0
clxs_test(net_retry SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_net_retry.c LIBS clxs_net)
clxs_test(net_text SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_net_text.c LIBS clxs_net)
clxs_test(net_http SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_net_http.c LIBS clxs_net_fixture LABELS unit fault)
foreach(test net_statement net_cancel)
  clxs_test(${test} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_${test}.c LIBS clxs_net_fixture LABELS unit fault)
endforeach()

# A plain program, so that ThreadSanitizer can look at it (build with -DCLXS_SANITIZE=thread, run ctest -L tsan).
add_executable(stress_net ${CMAKE_SOURCE_DIR}/tests/unit/stress_net.c)
target_compile_options(stress_net PRIVATE ${CLXS_WARNINGS})
target_link_libraries(stress_net PRIVATE clxs_net_fixture clxs_cache)
set_target_properties(stress_net PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_test(NAME stress_net COMMAND stress_net)
set_tests_properties(stress_net PROPERTIES LABELS "tsan;unit" TIMEOUT 300
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:")
