# SPDX-License-Identifier: Apache-2.0
# One CTest entry per golden case: tests/cli/COMMAND/CASE/cmd.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
file(GLOB clxs_cli_cases CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*/*/cmd)
foreach(cmd ${clxs_cli_cases})
  get_filename_component(folder ${cmd} DIRECTORY)
  file(RELATIVE_PATH case ${CMAKE_CURRENT_LIST_DIR} ${folder})
  string(REPLACE "/" "." case ${case})
  add_test(NAME cli.${case} COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/run_case.py $<TARGET_FILE:clxs> ${folder})
  set_tests_properties(cli.${case} PROPERTIES LABELS cli TIMEOUT 300
    FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
endforeach()

# The manual pages against the manifests that they are made of.
add_test(NAME cli.man COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/check_man.py $<TARGET_FILE:clxs> ${CMAKE_SOURCE_DIR})
set_tests_properties(cli.man PROPERTIES LABELS cli TIMEOUT 300 FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
