# SPDX-License-Identifier: Apache-2.0
# The plugin ABI does not move: layouts against a golden text, and what plugins export.
add_executable(abi_layout ${CMAKE_SOURCE_DIR}/tests/abi/layout.c)
target_compile_options(abi_layout PRIVATE ${CLXS_WARNINGS})
target_link_libraries(abi_layout PRIVATE clxs_abi)
add_test(NAME abi_layout COMMAND sh -c "'$<TARGET_FILE:abi_layout>' | diff -u '${CMAKE_SOURCE_DIR}/tests/abi/layout.golden' -")
add_test(NAME abi_symbols COMMAND ${CMAKE_SOURCE_DIR}/tests/abi/symbols ${CMAKE_BINARY_DIR})
set_tests_properties(abi_layout abi_symbols PROPERTIES LABELS abi)
