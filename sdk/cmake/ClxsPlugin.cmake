# SPDX-License-Identifier: Apache-2.0
# clxs_add_plugin(NAME SOURCES ... [LIBS ...]): build NAME.so from a folder that holds plugin.json, with the generated
# header, hidden visibility and no undefined symbols; put it where the build tree's clxs finds it, and install it. The
# same function serves the plugins of this tree and, by find_package(clxs-sdk), those of third parties.

include(GNUInstallDirs)

# Plugins find their header as "NAME_gen.h", the ABI as <clxs/clxs.h>.
function(clxs_add_plugin name)
  cmake_parse_arguments(P "" "" "SOURCES;LIBS" ${ARGN})
  set(here ${CMAKE_CURRENT_SOURCE_DIR})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/gen)
  set(destination ${CMAKE_BINARY_DIR}/plugins/${name})
  set(identity ${generated}/${name}_gen.h)
  file(GLOB help CONFIGURE_DEPENDS ${here}/help/*.md)
  file(MAKE_DIRECTORY ${generated} ${destination})

  add_custom_command(OUTPUT ${identity}
    COMMAND clxs-gen -o ${identity} ${here}/plugin.json
    DEPENDS ${here}/plugin.json ${help} clxs-gen
    COMMENT "Checking ${name}/plugin.json")
  add_custom_target(plugin_${name}_header DEPENDS ${identity})

  add_library(plugin_${name} MODULE ${P_SOURCES} ${identity})
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name} SUFFIX .so C_VISIBILITY_PRESET hidden
    POSITION_INDEPENDENT_CODE ON LIBRARY_OUTPUT_DIRECTORY ${destination})
  target_include_directories(plugin_${name} PRIVATE ${generated} ${here})
  target_compile_options(plugin_${name} PRIVATE ${CLXS_WARNINGS})
  # Archives that are linked in (the kit, SQLite) must not show their symbols either.
  target_link_options(plugin_${name} PRIVATE -Wl,--exclude-libs,ALL)
  # clang does not link the sanitizers' runtime into a shared object, so its symbols stay open until load.
  if(NOT (CMAKE_C_COMPILER_ID MATCHES Clang AND CMAKE_C_FLAGS MATCHES fsanitize)
     AND NOT (CMAKE_C_COMPILER_ID MATCHES Clang AND CLXS_SANITIZE))
    target_link_options(plugin_${name} PRIVATE -Wl,-z,defs)
  endif()
  target_link_libraries(plugin_${name} PRIVATE ${P_LIBS} clxs_abi)

  clxs_copy_beside(plugin_${name} ${destination} ${here}/plugin.json ${help})
  install(TARGETS plugin_${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/clxs/plugins/${name})
  install(FILES ${here}/plugin.json DESTINATION ${CMAKE_INSTALL_LIBDIR}/clxs/plugins/${name})
  if(help)
    install(FILES ${help} DESTINATION ${CMAKE_INSTALL_LIBDIR}/clxs/plugins/${name}/help)
  endif()
endfunction()

# The manifest and help files beside the library: copied when they change, whether or not the library is linked anew.
function(clxs_copy_beside target destination manifest)
  set(copies ${destination}/plugin.json)
  add_custom_command(OUTPUT ${destination}/plugin.json
    COMMAND ${CMAKE_COMMAND} -E copy ${manifest} ${destination}/plugin.json
    DEPENDS ${manifest} COMMENT "")
  foreach(page ${ARGN})
    get_filename_component(file ${page} NAME)
    add_custom_command(OUTPUT ${destination}/help/${file}
      COMMAND ${CMAKE_COMMAND} -E copy ${page} ${destination}/help/${file}
      DEPENDS ${page} COMMENT "")
    list(APPEND copies ${destination}/help/${file})
  endforeach()
  add_custom_target(${target}_files ALL DEPENDS ${copies})
  add_dependencies(${target} ${target}_files)
endfunction()
