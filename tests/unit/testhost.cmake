# SPDX-License-Identifier: Apache-2.0
clxs_test(testhost SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_testhost.c LIBS clxs_testhost)
