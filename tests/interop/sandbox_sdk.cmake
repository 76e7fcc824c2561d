# SPDX-License-Identifier: Apache-2.0
# The official Python SDK against the sandbox. Skipped, with a message, where pip cannot fetch the SDK.
add_test(NAME interop.sandbox_sdk
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/run_sandbox_sdk.py $<TARGET_FILE:clxs>
          ${CMAKE_BINARY_DIR}/venv-sdk)
set_tests_properties(interop.sandbox_sdk PROPERTIES LABELS interop TIMEOUT 600 ENVIRONMENT "${clxs_interop_env}" SKIP_RETURN_CODE 77
  FAIL_REGULAR_EXPRESSION "AddressSanitizer|LeakSanitizer|runtime error:")
