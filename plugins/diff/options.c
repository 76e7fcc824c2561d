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

static clxs_status
take_kind(struct diff *diff, const char *word, uint64_t *bits)
{
  uint32_t bit = delta_kind_bit(word);

  *bits |= bit;
  if (bit) return CLXS_OK;
  return clxs_failf(diff->call, CLXS_E_USAGE, clxs_textf(diff->call, "kinds are %s", all_kinds(diff->arena)),
                    "--only: there is no kind \"%s\"", word);
}

static clxs_status
take_field(struct diff *diff, const char *word, uint64_t *bits)
{
  uint64_t found = delta_field_bits(word);

  *bits |= found;
  if (found) return CLXS_OK;
  return clxs_failf(diff->call, CLXS_E_USAGE,
                    clxs_textf(diff->call, "fields are %s", all_fields(diff->arena)),
                    "--ignore: there is no field \"%s\"", word);
}

/* Every word of FLAG, which may be repeated and may hold lists with commas. */
static clxs_status
read_words(struct diff *diff, const char *flag,
           clxs_status (*take)(struct diff *diff, const char *word, uint64_t *bits), uint64_t *bits)
{
  struct clxs_call *call = diff->call;

  for (uint32_t i = 0; i < call->core->arg_count(call, flag); i++)
    for (const char *at = call->core->arg_text(call, flag, i); *at; at += *at == ',') {
      size_t length = strcspn(at, ",");
      const char *word = arena_strndup(diff->arena, at, length);
      clxs_status status = *word ? take(diff, word, bits) : CLXS_OK;

      if (status < 0) return status;
      at += length;
    }
  return CLXS_OK;
}

static bool
is_off(struct diff *diff, const char *flag)
{
  return diff->call->core->arg_count(diff->call, flag) && !diff->call->core->arg_int(diff->call, flag);
}

static clxs_status
read_sides(struct diff *diff)
{
  struct clxs_call *call = diff->call;
  clxs_status status = side_name(call, "source", &diff->sides[0].name);

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
  uint64_t only = 0;

  if (status < 0) return status;
  diff->width = width > 0 ? (uint32_t)width : 8;
  diff->names_only = call->core->arg_int(call, "names-only") != 0;
  status = read_words(diff, "only", take_kind, &only);
  if (status < 0) return status;
  if (only) diff->options.leave_kinds = ~(uint32_t)only;
  status = read_words(diff, "ignore", take_field, &diff->options.ignore);
  if (status < 0) return status;
  if (is_off(diff, "permissions")) diff->options.ignore |= delta_field_bits("permissions");
  if (is_off(diff, "tags")) diff->options.ignore |= DELTA_BIT(DELTA_TAGS);
  if (is_off(diff, "constraints")) diff->options.ignore |= delta_field_bits("constraints");
  status = filter_read(call, &diff->filter);
  diff->options.filter = diff->filter;
  return status;
}
