# SPDX-License-Identifier: Apache-2.0
clxs_test(out SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_out.c ${CMAKE_SOURCE_DIR}/tests/unit/test_out_format.c
          ${CMAKE_SOURCE_DIR}/tests/unit/test_tty.c ${CMAKE_SOURCE_DIR}/tests/unit/test_progress.c LIBS clxs_out)
