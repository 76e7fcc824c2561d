# SPDX-License-Identifier: Apache-2.0
clxs_test(file SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_file.c LIBS clxs_base)
