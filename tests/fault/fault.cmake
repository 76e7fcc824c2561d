# SPDX-License-Identifier: Apache-2.0
# The scriptable HTTP server, and a client against it, for whoever tests what happens when the network misbehaves.
add_library(clxs_fake_http STATIC ${CMAKE_SOURCE_DIR}/tests/fault/fake_http.c)
target_compile_options(clxs_fake_http PRIVATE ${CLXS_WARNINGS})
target_include_directories(clxs_fake_http PUBLIC ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(clxs_fake_http PUBLIC clxs_base PkgConfig::MHD Threads::Threads)

add_library(clxs_net_fixture STATIC ${CMAKE_SOURCE_DIR}/tests/fault/net_fixture.c)
target_compile_options(clxs_net_fixture PRIVATE ${CLXS_WARNINGS})
target_link_libraries(clxs_net_fixture PUBLIC clxs_fake_http clxs_net clxs_netload)
