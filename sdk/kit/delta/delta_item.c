/* SPDX-License-Identifier: Apache-2.0 */
/* What objects of every kind have: owner, comment, tags, properties, a place. */
#include "base/buf.h"
#include "kit/delta/internal.h"
#include "kit/model/tags.h"

#include "base/banned.h"

static bool
is_tag_of(const struct model_tag *tag, const char *column)
{
  return column ? tag->column && utf8_ieq(tag->column, column) : !tag->column;
}

static void
compare_tags(struct comparing *at, const struct model_item *source, const struct model_item *dest,
             const char *column)
{
  for (uint32_t i = 0; i < source->tag_count; i++) {
    const struct model_tag *tag = &source->tags[i];
    const char *there;

    if (!is_tag_of(tag, column)) continue;
    there = model_tag(dest, column, tag->key);
    if (!str_eq(tag->value, there)) delta_note(at, DELTA_TAGS, tag->key, tag->value, there);
  }
  for (uint32_t i = 0; i < dest->tag_count; i++) {
    const struct model_tag *tag = &dest->tags[i];

    if (is_tag_of(tag, column) && !model_tag(source, column, tag->key))
      delta_note(at, DELTA_TAGS, tag->key, NULL, tag->value);
  }
}

void
compare_column_tags(struct comparing *at, const struct model_item *source, const struct model_item *dest)
{
  if (source->tag_count || dest->tag_count) compare_tags(at, source, dest, at->column);
}

/* Users are compared without case, as the service does. */
static bool
same_principal(const char *a, const char *b)
{
  return str_eq(a, b) || (a && b && utf8_ieq(a, b));
}

/* MODIFY, SELECT: what the grants from *NEXT on give to one principal; *NEXT goes behind them. */
static const char *
privileges_text(struct comparing *at, const struct model_item *item, uint32_t *next)
{
  const char *principal = item->grants[*next].principal;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (; *next < item->grant_count && utf8_ieq(item->grants[*next].principal, principal); (*next)++)
    buf_addf(&text, "%s%s", text.len ? ", " : "", item->grants[*next].privilege);
  return arena_strdup(at->arena, text.data);
}

/* Both lists are in the order of principals. */
static void
compare_grants(struct comparing *at, const struct model_item *source, const struct model_item *dest)
{
  uint32_t i = 0, k = 0;

  if (!counts(at, DELTA_GRANTS)) return;
  if (source->grants_problem) delta_note_unknown(at, DELTA_GRANTS, DELTA_IN_SOURCE, source->grants_problem);
  if (dest->grants_problem) delta_note_unknown(at, DELTA_GRANTS, DELTA_IN_DEST, dest->grants_problem);
  if (source->grants_problem || dest->grants_problem) return;
  while (i < source->grant_count || k < dest->grant_count) {
    const char *mine = i < source->grant_count ? source->grants[i].principal : NULL,
               *other = k < dest->grant_count ? dest->grants[k].principal : NULL;
    int order = !mine ? 1 : !other ? -1 : model_compare(mine, other);
    const char *old_value = order <= 0 ? privileges_text(at, source, &i) : NULL,
               *new_value = order >= 0 ? privileges_text(at, dest, &k) : NULL;

    if (!str_eq(old_value, new_value))
      delta_note(at, DELTA_GRANTS, order <= 0 ? mine : other, old_value, new_value);
  }
}

void
compare_item(struct comparing *at, const struct model_item *source, const struct model_item *dest)
{
  if (!same_principal(source->owner, dest->owner))
    delta_note(at, DELTA_OWNER, NULL, source->owner, dest->owner);
  compare_text(at, DELTA_COMMENT, source->comment, dest->comment);
  compare_tags(at, source, dest, NULL);
  compare_grants(at, source, dest);
}

static const struct model_property *
find_property(struct properties properties, const char *key)
{
  for (uint32_t i = 0; i < properties.count; i++)
    if (str_eq(properties.at[i].key, key)) return &properties.at[i];
  return NULL;
}

/* CHECKs are kept as properties, and compared as constraints. */
static bool
is_left_out(const char *key)
{
  return model_property_is_automatic(key) || str_starts(key, "delta.constraints.");
}

static const char *
value_of(const struct model_property *property)
{
  return !property ? NULL : property->value ? property->value : "";
}

void
compare_properties(struct comparing *at, struct properties source, struct properties dest)
{
  for (uint32_t i = 0; i < source.count; i++) {
    const char *mine = value_of(&source.at[i]), *other;

    if (is_left_out(source.at[i].key)) continue;
    other = value_of(find_property(dest, source.at[i].key));
    if (!str_eq(mine, other)) delta_note(at, DELTA_PROPERTIES, source.at[i].key, mine, other);
  }
  for (uint32_t i = 0; i < dest.count; i++)
    if (!is_left_out(dest.at[i].key) && !find_property(source, dest.at[i].key))
      delta_note(at, DELTA_PROPERTIES, dest.at[i].key, NULL, value_of(&dest.at[i]));
}

/* The length of a path segment. */
static size_t
segment(const char *at)
{
  return strcspn(at, "/");
}

static bool
segment_is(const char *at, size_t length, const char *name)
{
  return strlen(name) == length && str_ieqn(at, name, length);
}

/* Segment by segment, so that `s3://b/prod/t` and `s3://b/dev/t` are one place for the catalogs prod and dev.
 */
static bool
same_place(const struct comparing *at, const char *a, const char *b)
{
  for (;;) {
    size_t first = segment(a), second = segment(b);
    bool same = first == second && memcmp(a, b, first) == 0;

    if (!same && !(segment_is(a, first, at->catalogs[SOURCE]) && segment_is(b, second, at->catalogs[DEST])))
      return false;
    a += first;
    b += second;
    while (*a == '/')
      a++;
    while (*b == '/')
      b++;
    if (!*a || !*b) return *a == *b;
  }
}

void
compare_location(struct comparing *at, const char *source, const char *dest)
{
  if (source && dest && same_place(at, source, dest)) return;
  delta_note(at, DELTA_LOCATION, NULL, source, dest);
}
