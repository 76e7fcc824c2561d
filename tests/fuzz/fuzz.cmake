# SPDX-License-Identifier: Apache-2.0
# clxs_fuzz(NAME LIBS ...): tests/fuzz/fuzz_NAME.c replayed over tests/fuzz/corpus/NAME as a test, and with
# -DCLXS_FUZZ=ON (clang) a libFuzzer binary fuzz_NAME.
function(clxs_fuzz name)
  cmake_parse_arguments(F "" "" "LIBS" ${ARGN})
  set(here ${CMAKE_SOURCE_DIR}/tests/fuzz)
  add_executable(replay_${name} ${here}/replay.c ${here}/fuzz_${name}.c)
  target_compile_options(replay_${name} PRIVATE ${CLXS_WARNINGS})
  target_link_libraries(replay_${name} PRIVATE ${F_LIBS} clxs_base)
  set_target_properties(replay_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME fuzz_${name} COMMAND replay_${name} ${here}/corpus/${name})
  set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz TIMEOUT 300
    FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
  if(CLXS_FUZZ)
    add_executable(fuzz_${name} ${here}/fuzz_${name}.c)
    target_compile_options(fuzz_${name} PRIVATE ${CLXS_WARNINGS} -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE ${F_LIBS} clxs_base)
  endif()
endfunction()

clxs_fuzz(sqltext LIBS clxs_sqltext)
