# SPDX-License-Identifier: Apache-2.0
# How a clxs target is built inside this tree: clxs_module() for a static library that is one folder, clxs_test() for a
# Criterion binary. Third parties use ClxsPlugin.cmake instead; clxs_add_plugin() there serves both.

set(CLXS_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2)
if(CLXS_WERROR)
  list(APPEND CLXS_WARNINGS -Werror)
endif()
add_compile_definitions(_GNU_SOURCE CLXS_VERSION="${PROJECT_VERSION}")
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  add_compile_definitions(_FORTIFY_SOURCE=2)
  add_compile_options(-fstack-protector-strong)
endif()
if(CLXS_SANITIZE)
  add_compile_options(-fsanitize=${CLXS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${CLXS_SANITIZE})
endif()

# clxs_module(NAME SOURCES ... [LIBS ...]): static library clxs_NAME. Headers are named from the source root of their
# world: "base/err.h" in the host, "kit/plan/plan.h" and "base/buf.h" in the SDK.
function(clxs_module name)
  cmake_parse_arguments(M "" "" "SOURCES;LIBS" ${ARGN})
  add_library(clxs_${name} STATIC ${M_SOURCES})
  target_compile_options(clxs_${name} PRIVATE ${CLXS_WARNINGS})
  target_link_libraries(clxs_${name} PUBLIC ${M_LIBS})
endfunction()

# clxs_test(NAME SOURCES ... LIBS ... [LABELS ...]): one Criterion binary, one CTest entry. A sanitizer report fails
# the test even where Criterion exits 0 (it does so for leaks).
function(clxs_test name)
  cmake_parse_arguments(T "" "" "SOURCES;LIBS;LABELS;ENV" ${ARGN})
  add_executable(test_${name} ${T_SOURCES})
  target_compile_options(test_${name} PRIVATE ${CLXS_WARNINGS} -Wno-pedantic -Wno-missing-prototypes)
  target_compile_definitions(test_${name} PRIVATE CLXS_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             CLXS_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(test_${name} PRIVATE ${T_LIBS} PkgConfig::CRITERION)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND test_${name} --jobs 2)
  if(NOT T_LABELS)
    set(T_LABELS unit)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT 300 ENVIRONMENT "${T_ENV}"
    FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:")
endfunction()

# clxs_stress(NAME SOURCES ... LIBS ...): a plain program with many threads, for ThreadSanitizer (Criterion crashes under
# it). All of them are built by the target `stress` and run by `ctest -L tsan`.
function(clxs_stress name)
  cmake_parse_arguments(S "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${S_SOURCES})
  target_compile_options(${name} PRIVATE ${CLXS_WARNINGS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${S_LIBS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(NOT TARGET stress)
    add_custom_target(stress)
  endif()
  add_dependencies(stress ${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "tsan;unit" TIMEOUT 300
    FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:")
endfunction()
