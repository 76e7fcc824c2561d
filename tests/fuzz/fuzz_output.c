/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a result, in every format. What must hold: nothing but text, line ends and indentation reaches
 * a terminal, and JSON that is laid out says what it said before. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "out/document.h"
#include "out/json.h"
#include "out/tty.h"
#include "out/yaml.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_terminal(const struct buf *buf)
{
  if (!utf8_valid(buf->data, buf->len)) abort();
  for (size_t i = 0; i < buf->len; i++) {
    unsigned char c = (unsigned char)buf->data[i];

    if ((c < 0x20 && c != '\n') || c == 0x7f) abort();
  }
}

static void
check_value(struct arena *arena, const char *text, size_t size, struct json_object *value)
{
  CLEANUP_BUF struct buf pretty = BUF_INIT(BUF_LARGE);
  CLEANUP_BUF struct buf other = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *again = NULL;
  struct err err = ERR_INIT(arena);

  json_add_pretty(&pretty, text, size);
  again = json_parse_strict(pretty.data, pretty.len, NULL, NULL);
  if (!json_object_equal(value, again)) abort();
  document_add_text(&other, arena, value, 60, false);
  check_terminal(&other);
  buf_reset(&other);
  document_add_csv(&other, arena, value);
  buf_reset(&other);
  if (yaml_add_value(&other, value, &err) != CLXS_OK) abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf safe = BUF_INIT(BUF_LARGE);
  CLEANUP_BUF struct buf cut = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *value = NULL;
  const char *text = arena_strndup(arena, (const char *)data, size);

  tty_add_safe(&safe, text, size, 0);
  check_terminal(&safe);
  tty_add_cut(&cut, safe.data, 10);
  if (tty_width(cut.data) > 10) abort();
  if (!utf8_valid(text, size)) return 0;
  value = json_parse_strict(text, size, NULL, NULL);
  if (value) check_value(arena, text, size, value);
  return 0;
}
