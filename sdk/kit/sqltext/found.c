/* SPDX-License-Identifier: Apache-2.0 */
/* What has been found: references, and doubts with their reasons. Here is decided how many parts make the
 * first one a catalog. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

#define SNIPPET 120

/* How many parts a full name of KIND has. */
static size_t
full_count(enum sqltext_kind kind)
{
  switch (kind) {
  case SQLTEXT_CATALOG: return 1;
  case SQLTEXT_SCHEMA: return 2;
  case SQLTEXT_COLUMN: return 4;
  default: return 3;
  }
}

void
note_doubt(struct findings *found, size_t start, size_t length, const char *reason)
{
  struct sqltext_report *report;
  const char *text = found->text + start;
  size_t shown = length;

  if (shown > SNIPPET) {
    shown = SNIPPET;
    while (shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
      shown--;
  }
  report = VEC_ADD(&found->reports);
  report->start = start;
  report->reason = reason;
  report->text = arena_printf(found->arena, "%.*s%s", (int)shown, text, shown < length ? "..." : "");
}

void
doubt_name(struct parse *parse, const struct name *name, const char *reason)
{
  note_doubt(parse->found, name->start, name->end - name->start, reason);
}

void
doubt_token(struct parse *parse, size_t ahead, const char *reason)
{
  note_doubt(parse->found, offset_at(parse, ahead), peek(parse, ahead)->length, reason);
}

/* Names that only the run can complete, or that the parser on the other side would refuse. True when said. */
static bool
doubt_unclear(struct parse *parse, enum sqltext_kind kind, const struct name *name)
{
  bool open = false;

  if (!name->parts[0].value) {
    doubt_name(parse, name, "what stands for the catalog here is only known at run time");
    return true;
  }
  for (size_t i = 1; i < name->count; i++)
    open = open || !name->parts[i].value;
  if (!name_part_is(name, 0, parse->found->from)) return name->glued;
  if (name->glued) {
    doubt_name(parse, name, "not a legal name: parts with hyphens, or of digits only, need back-ticks");
    return true;
  }
  if (open && name->count < full_count(kind)) {
    doubt_name(parse, name, "how many parts this name has is only known at run time");
    return true;
  }
  if (name->count > full_count(kind) && kind != SQLTEXT_COLUMN) {
    doubt_name(parse, name, "this name has more parts than the name of such an object can have");
    return true;
  }
  return false;
}

void
note_name(struct parse *parse, enum sqltext_kind kind, const struct name *name)
{
  struct sqltext_reference *reference;
  const char **parts;

  if (kind == SQLTEXT_OTHER || name->count == 0 || doubt_unclear(parse, kind, name)) return;
  parts = arena_array(parse->found->arena, name->count, sizeof *parts);
  for (size_t i = 0; i < name->count; i++)
    parts[i] = name->parts[i].value ? name->parts[i].value : "";
  reference = VEC_ADD(&parse->found->references);
  *reference = (struct sqltext_reference){.kind = kind, .parts = parts, .count = name->count};
  reference->qualified =
      name->count == full_count(kind) || (kind == SQLTEXT_COLUMN && (name->count > 3 || name->star));
  reference->catalog = name->parts[0].spot;
  reference->start = name->start;
  reference->length = name->end - name->start;
}

void
note_pending(struct parse *parse, struct name *name, struct scope *scope)
{
  struct pending *pending;

  if (!name->parts[0].value) {
    /* A substitution alone is a value as a rule; IDENTIFIER() never is. */
    if (!name->variable || name->count > 3)
      doubt_name(parse, name, "what this names is only known at run time");
    return;
  }
  if (parse->found->from && !name_part_is(name, 0, parse->found->from)) return;
  if (name->count < 3 || (name->count == 3 && !name->star && !parse->hint)) return;
  pending = VEC_ADD(&parse->pendings);
  pending->name = name;
  pending->scope = scope;
}
