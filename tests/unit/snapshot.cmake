# SPDX-License-Identifier: Apache-2.0
clxs_test(kit_snapshot SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_kit_snapshot.c LIBS clxs_snapshot clxs_model clxs_testhost)
