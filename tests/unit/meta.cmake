# SPDX-License-Identifier: Apache-2.0
clxs_test(meta SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_meta.c LIBS clxs_net_fixture clxs_meta LABELS unit fault)
