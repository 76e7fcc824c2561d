# SPDX-License-Identifier: Apache-2.0
clxs_test(auth SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_cfgfile.c ${CMAKE_SOURCE_DIR}/tests/unit/test_host.c
          ${CMAKE_SOURCE_DIR}/tests/unit/test_auth.c ${CMAKE_SOURCE_DIR}/tests/unit/test_auth_token.c
          ${CMAKE_SOURCE_DIR}/tests/unit/conf_fixture.c LIBS clxs_auth)
target_include_directories(test_auth PRIVATE ${CMAKE_SOURCE_DIR}/tests)
