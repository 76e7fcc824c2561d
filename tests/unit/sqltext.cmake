# SPDX-License-Identifier: Apache-2.0
clxs_test(sqltext_token SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_sqltext_token.c LIBS clxs_sqltext)
