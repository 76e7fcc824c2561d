# SPDX-License-Identifier: Apache-2.0
clxs_test(sdkbase SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_arena.c ${CMAKE_SOURCE_DIR}/tests/unit/test_buf.c
          ${CMAKE_SOURCE_DIR}/tests/unit/test_map.c ${CMAKE_SOURCE_DIR}/tests/unit/test_str.c
          ${CMAKE_SOURCE_DIR}/tests/unit/test_json.c ${CMAKE_SOURCE_DIR}/tests/unit/test_json_write.c
          ${CMAKE_SOURCE_DIR}/tests/unit/test_sha256.c ${CMAKE_SOURCE_DIR}/tests/unit/test_units.c LIBS clxs_base)
