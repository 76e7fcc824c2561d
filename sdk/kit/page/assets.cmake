# SPDX-License-Identifier: Apache-2.0
# cmake -D OUT=page_assets.c -D FILES="page.css;page.js" -P assets.cmake: the files as C arrays with their SHA-256, which
# the page's content security policy names.
set(text "/* Made by assets.cmake from page.css and page.js; change those instead. */\n#include \"kit/page/internal.h\"\n\n")
foreach(path ${FILES})
  get_filename_component(name ${path} NAME)
  string(MAKE_C_IDENTIFIER ${name} symbol)
  file(READ ${path} bytes HEX)
  file(SHA256 ${path} hash)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hash "${hash}")
  string(APPEND text "static const unsigned char ${symbol}_bytes[] = {\n    ${bytes}0};\n"
    "const struct page_asset ${symbol} = {(const char *)${symbol}_bytes,\n    {${hash}}};\n")
endforeach()
file(WRITE ${OUT} "${text}")
