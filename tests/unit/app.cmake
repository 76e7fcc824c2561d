# SPDX-License-Identifier: Apache-2.0
clxs_test(line SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_line.c ${CMAKE_SOURCE_DIR}/host/line.c LIBS clxs_cli)

# Many threads on one login, one writer and one pool; what it is for is ThreadSanitizer.
add_executable(stress_host ${CMAKE_SOURCE_DIR}/tests/unit/stress_host.c)
target_compile_options(stress_host PRIVATE ${CLXS_WARNINGS})
target_link_libraries(stress_host PRIVATE clxs_auth clxs_out clxs_conf)
set_target_properties(stress_host PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_test(NAME stress_host COMMAND stress_host)
set_tests_properties(stress_host PROPERTIES LABELS "tsan;unit" TIMEOUT 300
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:")
