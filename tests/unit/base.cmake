# SPDX-License-Identifier: Apache-2.0
clxs_test(hostbase SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_err.c ${CMAKE_SOURCE_DIR}/tests/unit/test_clock.c
          ${CMAKE_SOURCE_DIR}/tests/unit/test_path.c ${CMAKE_SOURCE_DIR}/tests/unit/test_threads.c LIBS clxs_hostbase)
