# SPDX-License-Identifier: Apache-2.0
clxs_test(gen SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_gen.c ${CMAKE_SOURCE_DIR}/sdk/gen/header.c
                      ${CMAKE_SOURCE_DIR}/sdk/gen/embed.c
          LIBS clxs_manifest)
clxs_test(crash SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_crash.c LIBS clxs_plugin)
