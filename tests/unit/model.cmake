# SPDX-License-Identifier: Apache-2.0
foreach(test model model_filter model_grants model_policies model_pattern)
  clxs_test(${test} SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_${test}.c LIBS clxs_model clxs_testhost)
endforeach()
