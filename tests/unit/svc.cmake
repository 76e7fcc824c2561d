# SPDX-License-Identifier: Apache-2.0
foreach(test svc svc_net svc_run svc_checked)
  clxs_test(${test} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_${test}.c ${CMAKE_SOURCE_DIR}/tests/unit/svc_fixture.c
            LIBS clxs_svc clxs_net_fixture clxs_meta clxs_cache clxs_conf clxs_out clxs_cli)
  target_include_directories(test_${test} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
endforeach()

clxs_stress(stress_svc SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/stress_svc.c ${CMAKE_SOURCE_DIR}/tests/unit/svc_fixture.c
            LIBS clxs_svc clxs_net_fixture clxs_meta clxs_cache clxs_conf clxs_out clxs_cli)
