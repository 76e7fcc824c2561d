# SPDX-License-Identifier: Apache-2.0
clxs_test(page SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_page.c LIBS clxs_page PkgConfig::OPENSSL)
