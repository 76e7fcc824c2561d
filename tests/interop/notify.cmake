# SPDX-License-Identifier: Apache-2.0
# Notifications, seen by those who are told.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME interop.notify COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/test_notify.py $<TARGET_FILE:clxs>)
set_tests_properties(interop.notify PROPERTIES LABELS interop TIMEOUT 600)
