# SPDX-License-Identifier: Apache-2.0
clxs_test(rows SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_rows.c LIBS clxs_rows clxs_model clxs_sqltext clxs_testhost)
clxs_test(mask SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_mask.c LIBS clxs_rows clxs_model clxs_sqltext clxs_testhost)
