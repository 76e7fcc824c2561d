# SPDX-License-Identifier: Apache-2.0
# Plugins that are wrong on purpose, each in a directory of its own below tests/bad-plugins of the build tree. The test
# copies them from there and loads them through the registry.

set(bad_plugins ${CMAKE_BINARY_DIR}/tests/bad-plugins)

# clxs_bad_plugin(NAME [DEFINITION...]): bad.c with these definitions.
function(clxs_bad_plugin name)
  set(here ${CMAKE_SOURCE_DIR}/tests/bad-plugins)
  set(dir ${bad_plugins}/${name})
  configure_file(${here}/plugin.json.in ${dir}/plugin.json @ONLY)
  add_custom_command(OUTPUT ${dir}/gen/bad_gen.h
    COMMAND ${CMAKE_COMMAND} -E make_directory ${dir}/gen
    COMMAND clxs-gen -o ${dir}/gen/bad_gen.h ${dir}/plugin.json DEPENDS ${dir}/plugin.json clxs-gen COMMENT "")
  add_library(bad_${name} MODULE ${here}/bad.c ${dir}/gen/bad_gen.h)
  set_target_properties(bad_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name} SUFFIX .so
                        LIBRARY_OUTPUT_DIRECTORY ${dir} EXCLUDE_FROM_ALL ON)
  target_include_directories(bad_${name} PRIVATE ${dir}/gen)
  target_compile_definitions(bad_${name} PRIVATE BAD_FIRST="${name}" BAD_SECOND="${name} again"
                             BAD_PROVIDES="bad.cap.${name}/1" ${ARGN})
  target_link_libraries(bad_${name} PRIVATE clxs_abi)
  add_dependencies(bad_plugins bad_${name})
endfunction()

add_custom_target(bad_plugins)
clxs_bad_plugin(good)
clxs_bad_plugin(larger BAD_SIZE=sizeof\(whole\) BAD_MINOR=9)
clxs_bad_plugin(extra-export BAD_EXPORT)
clxs_bad_plugin(magic BAD_MAGIC=0x12345678)
clxs_bad_plugin(major BAD_MAJOR=2)
clxs_bad_plugin(target BAD_TARGET=7 BAD_MINOR=7)
clxs_bad_plugin(short-size BAD_SIZE=40)
clxs_bad_plugin(tiny-size BAD_SIZE=4)
clxs_bad_plugin(no-run BAD_RUN=NULL)
clxs_bad_plugin(hash BAD_GRAMMAR=1)
clxs_bad_plugin(no-name BAD_NAME=NULL)
clxs_bad_plugin(command-size BAD_COMMAND_SIZE=16)
clxs_bad_plugin(twice BAD_NAME=BAD_FIRST)
clxs_bad_plugin(missing-command BAD_ONLY_ONE)
clxs_bad_plugin(extra-command BAD_THIRD="third")
clxs_bad_plugin(id BAD_ID="somebody.else")
clxs_bad_plugin(no-id BAD_ID=NULL)
clxs_bad_plugin(other-version BAD_VERSION="1.0.1")
clxs_bad_plugin(capability BAD_CAPABILITY="other.cap/1")
clxs_bad_plugin(no-capability BAD_NO_CAPABILITY)
clxs_bad_plugin(no-table BAD_TABLE=NULL)
clxs_bad_plugin(entry BAD_ENTRY=clxs_plugin_v2)
clxs_bad_plugin(nothing BAD_NOTHING)
clxs_bad_plugin(undefined BAD_UNDEFINED)
clxs_bad_plugin(init BAD_INIT=init_fails)
clxs_bad_plugin(init-silent BAD_INIT=init_fails_silently)
clxs_bad_plugin(init-crash BAD_INIT=init_crashes)
clxs_bad_plugin(crash BAD_CONSTRUCTOR=abort\(\))
clxs_bad_plugin(hang BAD_CONSTRUCTOR=pause\(\))
clxs_bad_plugin(noise BAD_CONSTRUCTOR=puts\("hello"\))
clxs_bad_plugin(leaves BAD_CONSTRUCTOR=_exit\(7\))
# A file that is no library, and a manifest without one.
clxs_bad_plugin(no-library)
clxs_bad_plugin(no-elf)

clxs_test(bad_plugins SOURCES ${CMAKE_SOURCE_DIR}/tests/bad-plugins/test_bad_plugins.c
                              ${CMAKE_SOURCE_DIR}/tests/bad-plugins/bench.c
          LIBS clxs_plugin clxs_testhost LABELS plugin)
target_include_directories(test_bad_plugins PRIVATE ${CMAKE_SOURCE_DIR}/tests/bad-plugins)
add_dependencies(test_bad_plugins bad_plugins)
