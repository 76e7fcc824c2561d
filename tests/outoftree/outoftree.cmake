# SPDX-License-Identifier: Apache-2.0
# Not under a sanitizer: its runtime would have to be linked into what is built outside as well.
if(NOT CLXS_SANITIZE)
  add_test(NAME outoftree COMMAND ${CMAKE_SOURCE_DIR}/tests/outoftree/run ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  set_tests_properties(outoftree PROPERTIES LABELS abi TIMEOUT 300)
endif()
