# SPDX-License-Identifier: Apache-2.0
clxs_test(cache SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_cache.c LIBS clxs_cache)
