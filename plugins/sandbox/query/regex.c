/* SPDX-License-Identifier: Apache-2.0 */
/* A backtracking matcher: it walks the lists of nodes with an explicit rest-to-do, and gives up after so many
 * steps. */
#include "query/regex.h"

#include <string.h>

#include "base/str.h"
#include "query/regex_node.h"

#include "base/banned.h"

#define STEPS_MAX 2000000
#define DEPTH_MAX 20000

struct matcher {
  const char *text;
  size_t length;
  struct regex_match *match;
  long steps;
  int depth;
};

/* What is left to do when a list of nodes has ended. */
struct rest {
  const struct node *node; /* the GROUP, REPEAT or LOOK that the list belongs to */
  int count;
  size_t start;
  const struct rest *next;
};

static bool run(struct matcher *matcher, const struct node *node, size_t at, const struct rest *rest);

static size_t
point_at(const struct matcher *matcher, size_t at, uint32_t *point)
{
  size_t step = at < matcher->length ? utf8_decode(matcher->text + at, point) : 0;

  if (step) return step;
  *point = at < matcher->length ? (unsigned char)matcher->text[at] : 0;
  return at < matcher->length;
}

static bool
in_ranges(const struct node *node, uint32_t point)
{
  for (size_t i = 0; i < node->range_count; i++)
    if (point >= node->ranges[i].low && point <= node->ranges[i].high) return true;
  return false;
}

/* How many bytes the class takes at AT; 0: no match. */
static size_t
class_step(const struct matcher *matcher, const struct node *node, size_t at)
{
  uint32_t point;
  size_t step = point_at(matcher, at, &point);
  bool in;

  if (step == 0) return 0;
  in = in_ranges(node, point);
  if (!in && node->folded) {
    in = in_ranges(node, utf8_lower(point));
    if (!in && point >= 'a' && point <= 'z') in = in_ranges(node, point - 32);
  }
  return in != node->negated ? step : 0;
}

static bool
is_word_at(const struct matcher *matcher, size_t at)
{
  return at < matcher->length && (str_is_alnum(matcher->text[at]) || matcher->text[at] == '_');
}

static bool
holds(const struct matcher *matcher, const struct node *node, size_t at)
{
  bool before = at > 0 && is_word_at(matcher, at - 1);

  switch (node->kind) {
  case NODE_START: return at == 0 || (node->lines && matcher->text[at - 1] == '\n');
  case NODE_END:
    return at == matcher->length || (node->lines && matcher->text[at] == '\n') ||
           (!node->absolute && at + 1 == matcher->length && matcher->text[at] == '\n');
  default: return (before != is_word_at(matcher, at)) != node->negated;
  }
}

/* A repeated class without anything behind it inside: no recursion per character. */
static bool
run_class_repeat(struct matcher *matcher, const struct node *node, size_t at, const struct rest *rest)
{
  const struct node *body = node->branches[0];
  int count = 0;
  size_t step, start = at;

  while ((node->most < 0 || count < (node->lazy ? node->least : node->most)) &&
         (!node->lazy || count < node->least) && (step = class_step(matcher, body, at)) != 0) {
    at += step;
    count++;
  }
  if (count < node->least) return false;
  for (;;) {
    if (run(matcher, node->next, at, rest)) return true;
    if (matcher->steps > STEPS_MAX) return false;
    if (node->lazy) {
      step = node->most >= 0 && count >= node->most ? 0 : class_step(matcher, body, at);
      if (step == 0) return false;
      at += step;
      count++;
      continue;
    }
    if (count-- <= node->least || at == start) return false;
    at--;
    while (at > start && ((unsigned char)matcher->text[at] & 0xc0) == 0x80)
      at--;
  }
}

static bool
run_repeat(struct matcher *matcher, const struct node *node, int count, size_t at, size_t before,
           const struct rest *rest)
{
  struct rest again = {node, count + 1, at, rest};
  bool more = (node->most < 0 || count < node->most) && !(count > node->least && at == before);

  if (count < node->least) return run(matcher, node->branches[0], at, &again);
  if (node->lazy)
    return run(matcher, node->next, at, rest) || (more && run(matcher, node->branches[0], at, &again));
  return (more && run(matcher, node->branches[0], at, &again)) || run(matcher, node->next, at, rest);
}

static bool
run_group(struct matcher *matcher, const struct node *node, size_t at, const struct rest *rest)
{
  struct rest after = {node, 0, at, rest};

  for (size_t i = 0; i < node->branch_count; i++)
    if (run(matcher, node->branches[i], at, &after)) return true;
  return false;
}

static bool
run_look(struct matcher *matcher, const struct node *node, size_t at, const struct rest *rest)
{
  bool found = false;

  for (size_t i = 0; i < node->branch_count && !found; i++)
    found = run(matcher, node->branches[i], at, NULL);
  return found != node->negated && run(matcher, node->next, at, rest);
}

/* A list has ended at AT. */
static bool
run_rest(struct matcher *matcher, size_t at, const struct rest *rest)
{
  const struct node *node;
  size_t start, end;

  if (!rest) return true;
  node = rest->node;
  if (node->kind == NODE_REPEAT) return run_repeat(matcher, node, rest->count, at, rest->start, rest->next);
  if (node->group < 0) return run(matcher, node->next, at, rest->next);
  start = matcher->match->start[node->group];
  end = matcher->match->end[node->group];
  matcher->match->start[node->group] = rest->start;
  matcher->match->end[node->group] = at;
  if (run(matcher, node->next, at, rest->next)) return true;
  matcher->match->start[node->group] = start;
  matcher->match->end[node->group] = end;
  return false;
}

static bool
run_back(struct matcher *matcher, const struct node *node, size_t at, const struct rest *rest)
{
  size_t start = matcher->match->start[node->group], length;

  if (start == SIZE_MAX) return false;
  length = matcher->match->end[node->group] - start;
  if (length > matcher->length - at || memcmp(matcher->text + start, matcher->text + at, length) != 0)
    return false;
  return run(matcher, node->next, at + length, rest);
}

static bool
run_node(struct matcher *matcher, const struct node *node, size_t at, const struct rest *rest)
{
  size_t step;

  while (node && node->kind == NODE_CLASS) {
    if ((step = class_step(matcher, node, at)) == 0) return false;
    at += step;
    node = node->next;
  }
  if (!node) return run_rest(matcher, at, rest);
  switch (node->kind) {
  case NODE_GROUP: return run_group(matcher, node, at, rest);
  case NODE_LOOK: return run_look(matcher, node, at, rest);
  case NODE_BACK: return run_back(matcher, node, at, rest);
  case NODE_REPEAT:
    if (node->branches[0]->kind == NODE_CLASS) return run_class_repeat(matcher, node, at, rest);
    return run_repeat(matcher, node, 0, at, SIZE_MAX, rest);
  default: return holds(matcher, node, at) && run(matcher, node->next, at, rest);
  }
}

static bool
run(struct matcher *matcher, const struct node *node, size_t at, const struct rest *rest)
{
  bool found;

  if (++matcher->steps > STEPS_MAX || matcher->depth >= DEPTH_MAX) {
    matcher->steps = STEPS_MAX + 1;
    return false;
  }
  matcher->depth++;
  found = run_node(matcher, node, at, rest);
  matcher->depth--;
  return found;
}

bool
regex_find(const struct regex *regex, const char *text, size_t length, size_t from, struct regex_match *match,
           bool *tired)
{
  struct matcher matcher = {.text = text, .length = length, .match = match};

  *tired = false;
  for (size_t at = from; at <= length; at++) {
    if (at < length && at > from && ((unsigned char)text[at] & 0xc0) == 0x80) continue;
    memset(match, 0xff, sizeof *match);
    if (run(&matcher, regex->first, at, NULL)) return true;
    if (matcher.steps > STEPS_MAX) {
      *tired = true;
      return false;
    }
  }
  return false;
}
