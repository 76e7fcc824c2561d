# SPDX-License-Identifier: Apache-2.0
foreach(part token cases rewrite fill)
  clxs_test(sqltext_${part} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_sqltext_${part}.c LIBS clxs_sqltext)
endforeach()
