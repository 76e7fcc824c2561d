# SPDX-License-Identifier: Apache-2.0
clxs_test(delta SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_delta.c LIBS clxs_delta)
