# SPDX-License-Identifier: Apache-2.0
clxs_test(manifest SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_manifest.c LIBS clxs_manifest)

# The schema and the reader agree; asked where node and ajv are there (npm install ajv, in the tree or globally).
add_executable(manifest_verdicts ${CMAKE_SOURCE_DIR}/tests/unit/manifests/verdicts.c)
target_link_libraries(manifest_verdicts PRIVATE clxs_manifest)
find_program(NODE node)
if(NODE)
  set(node_path ${CMAKE_SOURCE_DIR}/build/node_modules:${CMAKE_SOURCE_DIR}/node_modules:/usr/lib/node_modules:/usr/local/lib/node_modules)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${node_path} ${NODE} -e "require('ajv/dist/2020')"
                  RESULT_VARIABLE no_ajv OUTPUT_QUIET ERROR_QUIET)
  if(no_ajv EQUAL 0)
    add_test(NAME manifest_schema COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/tests/unit/manifests/agree.js
             ${CMAKE_SOURCE_DIR}/plugin.schema.json $<TARGET_FILE:manifest_verdicts>)
    set_tests_properties(manifest_schema PROPERTIES LABELS unit TIMEOUT 300 ENVIRONMENT NODE_PATH=${node_path})
  else()
    message(STATUS "ajv is not installed: the test manifest_schema is left out")
  endif()
endif()

clxs_test(registry SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_registry.c ${CMAKE_SOURCE_DIR}/tests/bad-plugins/bench.c
          LIBS clxs_plugin)
target_include_directories(test_registry PRIVATE ${CMAKE_SOURCE_DIR}/tests)
clxs_test(manifests_own SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_manifests_own.c LIBS clxs_manifest clxs_cli)
