# SPDX-License-Identifier: Apache-2.0
clxs_test(line SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_line.c ${CMAKE_SOURCE_DIR}/host/line.c LIBS clxs_cli)

# Many threads on one login, one writer and one pool; what it is for is ThreadSanitizer.
clxs_stress(stress_host SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/stress_host.c LIBS clxs_auth clxs_out clxs_conf)
