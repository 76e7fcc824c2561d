# SPDX-License-Identifier: Apache-2.0
clxs_test(count SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_count.c LIBS clxs_count clxs_testhost)
