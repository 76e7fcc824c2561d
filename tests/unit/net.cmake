# SPDX-License-Identifier: Apache-2.0
clxs_test(net_retry SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_net_retry.c LIBS clxs_net)
clxs_test(net_text SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_net_text.c LIBS clxs_net)
clxs_test(net_http SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_net_http.c LIBS clxs_net_fixture LABELS unit fault)
foreach(test net_statement net_cancel net_content)
  clxs_test(${test} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_${test}.c LIBS clxs_net_fixture LABELS unit fault)
endforeach()

clxs_stress(stress_net SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/stress_net.c LIBS clxs_net_fixture clxs_cache)
