# SPDX-License-Identifier: Apache-2.0
clxs_test(args SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_args.c LIBS clxs_cli)
clxs_test(help SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_help.c LIBS clxs_cli)
clxs_test(complete SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_complete.c ${CMAKE_SOURCE_DIR}/tests/bad-plugins/bench.c
          LIBS clxs_complete)
target_include_directories(test_complete PRIVATE ${CMAKE_SOURCE_DIR}/tests)
