/* SPDX-License-Identifier: Apache-2.0 */
/* Flags to options. It must not know how anything is read or printed. */
#include "base/buf.h"
#include "base/str.h"
#include "diff.h"
#include "kit/model/filter.h"

#include "base/banned.h"

static const char *
all_kinds(struct arena *arena)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (int i = 0; i < DELTA_KINDS; i++)
    buf_addf(&text, "%s%s", i ? ", " : "", delta_kind_plural((enum delta_kind)i));
  return arena_strdup(arena, text.data);
}

static const char *
all_fields(struct arena *arena)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (int i = 0; i < DELTA_FIELDS; i++)
    buf_addf(&text, "%s%s", i ? ", " : "", delta_field_name((enum delta_field)i));
  buf_add_text(&text, ", and for several: constraints, permissions, ownership, security, comments");
  return arena_strdup(arena, text.data);
}

/* The word at *AT, up to a comma or the end, without its back-ticks. */
static const char *
take_word(struct arena *arena, const char **at)
{
  CLEANUP_BUF struct buf word = BUF_INIT(BUF_LARGE);
  bool quoted = false;

  for (; **at && (quoted || **at != ','); ++*at) {
    if (**at == '`' && quoted && (*at)[1] == '`')
      buf_add_char(&word, *(*at)++);
    else if (**at == '`')
      quoted = !quoted;
    else
      buf_add_char(&word, **at);
  }
  *at += **at == ',';
  return arena_strdup(arena, word.data);
}

struct diff_words
diff_read_words(struct diff *diff, const char *flag)
{
  const struct clxs_core *core = diff->call->core;
  struct diff_words words = {NULL, 0};
  size_t most = 0;

  for (uint32_t i = 0; i < core->arg_count(diff->call, flag); i++)
    most += strlen(core->arg_text(diff->call, flag, i)) + 1;
  words.at = arena_array(diff->arena, most + 1, sizeof *words.at);
  for (uint32_t i = 0; i < core->arg_count(diff->call, flag); i++)
    for (const char *at = core->arg_text(diff->call, flag, i); *at;) {
      const char *word = take_word(diff->arena, &at);

      if (*word) words.at[words.count++] = word;
    }
  return words;
}

static clxs_status
read_kinds(struct diff *diff)
{
  struct diff_words words = diff_read_words(diff, "only");
  uint32_t bits = 0;

  for (size_t i = 0; i < words.count; i++) {
    uint32_t bit = delta_kind_bit(words.at[i]);

    if (!bit)
      return clxs_failf(diff->call, CLXS_E_USAGE,
                        clxs_textf(diff->call, "kinds are %s", all_kinds(diff->arena)),
                        "--only: there is no kind \"%s\"", words.at[i]);
    bits |= bit;
  }
  if (bits) diff->options.leave_kinds = ~bits;
  return CLXS_OK;
}

static clxs_status
read_fields(struct diff *diff)
{
  struct diff_words words = diff_read_words(diff, "ignore");

  for (size_t i = 0; i < words.count; i++) {
    uint64_t bits = delta_field_bits(words.at[i]);

    if (!bits)
      return clxs_failf(diff->call, CLXS_E_USAGE,
                        clxs_textf(diff->call, "fields are %s", all_fields(diff->arena)),
                        "--ignore: there is no field \"%s\"", words.at[i]);
    diff->options.ignore |= bits;
  }
  return CLXS_OK;
}

static bool
is_off(struct diff *diff, const char *flag)
{
  return diff->call->core->arg_count(diff->call, flag) && !diff->call->core->arg_int(diff->call, flag);
}

/* `snapshot diff` takes files by their names. */
static bool
read_files(struct diff *diff)
{
  static const char *const names[] = {"before", "after"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
    const char *path = diff->call->core->arg_text(diff->call, names[i], 0);

    if (!path) return false;
    diff->sides[i].name = side_is_file(path) ? path : arena_printf(diff->arena, "file:%s", path);
  }
  return true;
}

static clxs_status
read_sides(struct diff *diff)
{
  struct clxs_call *call = diff->call;
  clxs_status status;

  if (read_files(diff)) return CLXS_OK;
  status = side_name(call, "source", &diff->sides[0].name);
  if (status >= 0) status = side_name(call, "dest", &diff->sides[1].name);
  if (status < 0 || !utf8_ieq(diff->sides[0].name, diff->sides[1].name)) return status;
  return clxs_failf(call, CLXS_E_USAGE, "give --dest another name", "source and destination are the same, %s",
                    diff->sides[0].name);
}

clxs_status
diff_read_options(struct diff *diff)
{
  struct clxs_call *call = diff->call;
  int64_t width = call->core->arg_int(call, "max-workers");
  clxs_status status = read_sides(diff);

  if (status < 0) return status;
  diff->width = width > 0 ? (uint32_t)width : 8;
  diff->names_only = call->core->arg_int(call, "names-only") != 0;
  status = read_kinds(diff);
  if (status >= 0) status = read_fields(diff);
  if (status < 0) return status;
  if (is_off(diff, "permissions")) diff->options.ignore |= delta_field_bits("permissions");
  if (is_off(diff, "tags")) diff->options.ignore |= DELTA_BIT(DELTA_TAGS);
  if (is_off(diff, "constraints")) diff->options.ignore |= delta_field_bits("constraints");
  status = filter_read(call, &diff->filter);
  diff->options.filter = diff->filter;
  return status;
}
