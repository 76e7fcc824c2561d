# SPDX-License-Identifier: Apache-2.0
clxs_test(conf SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_conf.c ${CMAKE_SOURCE_DIR}/tests/unit/test_conf_layer.c
          ${CMAKE_SOURCE_DIR}/tests/unit/test_expand.c ${CMAKE_SOURCE_DIR}/tests/unit/test_throttle.c ${CMAKE_SOURCE_DIR}/tests/unit/conf_fixture.c
          LIBS clxs_conf)
target_include_directories(test_conf PRIVATE ${CMAKE_SOURCE_DIR}/tests)
