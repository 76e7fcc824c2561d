# SPDX-License-Identifier: Apache-2.0
# clxs_add_plugin(NAME SOURCES ... [LIBS ...]): build NAME.so from a folder that holds plugin.json, with the generated
# header, hidden visibility and no undefined symbols; put it where the build tree's clxs finds it, and install it.
