/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a pattern by descent: branches, repetitions, atoms, classes. */
#include "query/regex.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "query/parse.h"
#include "query/regex_node.h"

#include "base/banned.h"

struct parser {
  struct arena *arena;
  const char *at;
  const char *why;
  size_t groups;
  bool fold, dot_all, lines;
  int depth;
};

static struct node *parse_branches(struct parser *parser, struct node *into);

static struct node *
fail(struct parser *parser, const char *why)
{
  if (!parser->why) parser->why = why;
  return NULL;
}

static struct node *
new_node(struct parser *parser, enum node_kind kind)
{
  struct node *node = arena_alloc(parser->arena, sizeof *node);

  node->kind = kind;
  node->folded = parser->fold;
  node->group = -1;
  return node;
}

static void
add_range(struct parser *parser, struct node *node, uint32_t low, uint32_t high)
{
  node->ranges = ast_grow(parser->arena, node->ranges, node->range_count, sizeof *node->ranges);
  node->ranges[node->range_count++] = (struct range){low, high};
}

static bool
take(struct parser *parser, const char *text)
{
  if (!str_starts(parser->at, text)) return false;
  parser->at += strlen(text);
  return true;
}

/* \d \w \s and their opposites into NODE; false when C is none of them. */
static bool
add_shorthand(struct parser *parser, struct node *node, char c)
{
  static const struct range digits[] = {{'0', '9'}},
                            words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}},
                            blanks[] = {{'\t', '\r'}, {' ', ' '}};
  const struct range *set = NULL;
  size_t count = 0;
  uint32_t next = 0;

  switch (str_lower(c)) {
  case 'd': set = digits, count = ARRAY_SIZE(digits); break;
  case 'w': set = words, count = ARRAY_SIZE(words); break;
  case 's': set = blanks, count = ARRAY_SIZE(blanks); break;
  default: return false;
  }
  for (size_t i = 0; i < count; i++) {
    if (c >= 'a') {
      add_range(parser, node, set[i].low, set[i].high);
    } else {
      if (set[i].low > next) add_range(parser, node, next, set[i].low - 1);
      next = set[i].high + 1;
    }
  }
  if (c < 'a') add_range(parser, node, next, UINT32_MAX);
  return true;
}

/* \p{Alpha} and the like. */
static bool
add_property(struct parser *parser, struct node *node)
{
  static const struct {
    const char *name;
    struct range ranges[4];
  } known[] = {
      {"{Alpha}", {{'A', 'Z'}, {'a', 'z'}}},
      {"{Digit}", {{'0', '9'}}},
      {"{Alnum}", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
      {"{Upper}", {{'A', 'Z'}}},
      {"{Lower}", {{'a', 'z'}}},
      {"{Punct}", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"{Space}", {{'\t', '\r'}, {' ', ' '}}},
      {"{ASCII}", {{1, 127}}},
  };

  for (size_t i = 0; i < ARRAY_SIZE(known); i++)
    if (take(parser, known[i].name)) {
      for (size_t j = 0; j < 4 && known[i].ranges[j].high; j++)
        add_range(parser, node, known[i].ranges[j].low, known[i].ranges[j].high);
      return true;
    }
  return fail(parser, "this \\p{...} property is not known") != NULL;
}

static bool
hex_digits(struct parser *parser, int count, uint32_t *point)
{
  *point = 0;
  while (count-- > 0) {
    char c = str_lower(*parser->at);

    if (!str_is_digit(c) && !(c >= 'a' && c <= 'f'))
      return fail(parser, "hexadecimal digits are missing") != NULL;
    *point = *point * 16 + (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    parser->at++;
  }
  return true;
}

/* A character behind a backslash that stands for itself or a control character. */
static bool
escaped_point(struct parser *parser, uint32_t *point)
{
  static const char letters[] = "tnrfae", meanings[] = "\t\n\r\f\a\033";
  const char *letter = *parser->at ? strchr(letters, *parser->at) : NULL;
  size_t step;

  if (letter) {
    *point = (unsigned char)meanings[letter - letters];
    parser->at++;
    return true;
  }
  if (take(parser, "u")) return hex_digits(parser, 4, point);
  if (take(parser, "x")) return hex_digits(parser, 2, point);
  if (str_is_alnum(*parser->at)) return fail(parser, "an escape is not known") != NULL;
  step = utf8_decode(parser->at, point);
  if (step == 0) return fail(parser, "a backslash stands at the end") != NULL;
  parser->at += step;
  return true;
}

static bool
class_point(struct parser *parser, struct node *node, uint32_t *point, bool *single)
{
  size_t step;

  *single = true;
  if (take(parser, "\\")) {
    char c = *parser->at;

    if (add_shorthand(parser, node, c)) {
      parser->at++;
      *single = false;
      return true;
    }
    if (c == 'p') {
      parser->at++;
      *single = false;
      return add_property(parser, node);
    }
    return escaped_point(parser, point);
  }
  step = utf8_decode(parser->at, point);
  if (step == 0) return fail(parser, "a class [...] is not closed") != NULL;
  parser->at += step;
  return true;
}

static struct node *
parse_class(struct parser *parser)
{
  struct node *node = new_node(parser, NODE_CLASS);
  bool first = true;

  node->negated = take(parser, "^");
  while (first || *parser->at != ']') {
    uint32_t low, high;
    bool single;

    if (!*parser->at) return fail(parser, "a class [...] is not closed");
    if (*parser->at == '[' || str_starts(parser->at, "&&"))
      return fail(parser, "classes inside of classes are not supported");
    first = false;
    if (!class_point(parser, node, &low, &single)) return NULL;
    if (!single) continue;
    high = low;
    if (*parser->at == '-' && parser->at[1] != ']' && parser->at[1]) {
      parser->at++;
      if (!class_point(parser, node, &high, &single)) return NULL;
      if (!single || high < low) return fail(parser, "a range in a class is the wrong way round");
    }
    add_range(parser, node, low, high);
  }
  parser->at++;
  return node;
}

/* (?:x) (?=x) (?!x) (?<name>x) (?i) (?i:x) */
static struct node *
parse_group(struct parser *parser)
{
  struct node *node = new_node(parser, NODE_GROUP);
  bool fold = parser->fold, dot_all = parser->dot_all, lines = parser->lines, on = true;

  if (!take(parser, "?")) {
    node->group = (int)++parser->groups;
  } else if (take(parser, "=") || take(parser, "!")) {
    node->kind = NODE_LOOK;
    node->negated = parser->at[-1] == '!';
  } else if (*parser->at == '<' && str_is_alpha(parser->at[1])) {
    node->group = (int)++parser->groups;
    while (*parser->at && *parser->at++ != '>') {
    }
  } else if (*parser->at == '<' || *parser->at == '>') {
    return fail(parser, "look-behind and atomic groups are not supported");
  } else {
    for (; *parser->at && *parser->at != ':' && *parser->at != ')'; parser->at++) {
      if (*parser->at == '-')
        on = false;
      else if (*parser->at == 'i')
        parser->fold = on;
      else if (*parser->at == 's')
        parser->dot_all = on;
      else if (*parser->at == 'm')
        parser->lines = on;
      else
        return fail(parser, "a flag (?x) is not known");
    }
    /* (?i) alone holds to the end of the group around it. */
    if (take(parser, ")")) {
      node->branches = ast_grow(parser->arena, NULL, 0, sizeof *node->branches);
      node->branch_count = 1;
      return node;
    }
    take(parser, ":");
  }
  if (!parse_branches(parser, node)) return NULL;
  if (!take(parser, ")")) return fail(parser, "a group is not closed");
  parser->fold = fold;
  parser->dot_all = dot_all;
  parser->lines = lines;
  return parser->groups < REGEX_GROUPS ? node : fail(parser, "there are too many groups");
}

static struct node *
parse_escape(struct parser *parser)
{
  struct node *node = new_node(parser, NODE_CLASS);
  uint32_t point;
  char c = *parser->at;

  if (add_shorthand(parser, node, c)) {
    parser->at++;
    return node;
  }
  if (c == 'b' || c == 'B') {
    parser->at++;
    node->kind = NODE_BOUNDARY;
    node->negated = c == 'B';
    return node;
  }
  if (c == 'A' || c == 'z' || c == 'Z') {
    parser->at++;
    node->kind = c == 'A' ? NODE_START : NODE_END;
    node->absolute = c != 'Z';
    return node;
  }
  if (c >= '1' && c <= '9') {
    parser->at++;
    node->kind = NODE_BACK;
    node->group = c - '0';
    return (size_t)node->group <= parser->groups ? node : fail(parser, "a back reference names no group");
  }
  if (c == 'p' || c == 'P') {
    parser->at++;
    node->negated = c == 'P';
    return add_property(parser, node) ? node : NULL;
  }
  if (c == 'Q') {
    const char *end = strstr(++parser->at, "\\E");

    return end == parser->at ? fail(parser, "an empty \\Q\\E is not supported")
                             : fail(parser, "\\Q...\\E is not supported");
  }
  if (!escaped_point(parser, &point)) return NULL;
  add_range(parser, node, point, point);
  return node;
}

static struct node *
parse_atom(struct parser *parser)
{
  struct node *node;
  uint32_t point;
  size_t step;

  if (take(parser, "(")) return parse_group(parser);
  if (take(parser, "[")) return parse_class(parser);
  if (take(parser, "\\")) return parse_escape(parser);
  node = new_node(parser, NODE_CLASS);
  if (take(parser, ".")) {
    node->negated = true;
    if (!parser->dot_all) {
      add_range(parser, node, '\n', '\n');
      add_range(parser, node, '\r', '\r');
      add_range(parser, node, 0x85, 0x85);
      add_range(parser, node, 0x2028, 0x2029);
    }
    return node;
  }
  if (*parser->at == '^' || *parser->at == '$') {
    node->kind = *parser->at++ == '^' ? NODE_START : NODE_END;
    node->lines = parser->lines;
    return node;
  }
  if (strchr("*+?", *parser->at)) return fail(parser, "a repetition has nothing to repeat");
  step = utf8_decode(parser->at, &point);
  if (step == 0) return fail(parser, "the text is not UTF-8");
  parser->at += step;
  add_range(parser, node, point, point);
  return node;
}

/* {n} {n,} {n,m} */
static bool
parse_count(struct parser *parser, int *least, int *most)
{
  char *end;
  long value = strtol(parser->at + 1, &end, 10);

  if (!str_is_digit(parser->at[1]) || value > 1000) return fail(parser, "a count {n} is not right") != NULL;
  *least = *most = (int)value;
  if (*end == ',') {
    *most = -1;
    if (str_is_digit(end[1]))
      *most = (int)strtol(end + 1, &end, 10);
    else
      end++;
  }
  if (*end != '}' || *most > 1000) return fail(parser, "a count {n,m} is not right") != NULL;
  parser->at = end + 1;
  return true;
}

static struct node *
parse_repeat(struct parser *parser)
{
  struct node *atom = parse_atom(parser), *node;

  while (atom) {
    int least = 0, most = -1;

    if (take(parser, "*"))
      least = 0;
    else if (take(parser, "+"))
      least = 1;
    else if (take(parser, "?"))
      most = 1;
    else if (*parser->at != '{')
      return atom;
    else if (!parse_count(parser, &least, &most))
      return NULL;
    node = new_node(parser, NODE_REPEAT);
    node->branches = ast_grow(parser->arena, NULL, 0, sizeof *node->branches);
    node->branches[0] = atom;
    node->branch_count = 1;
    node->least = least;
    node->most = most;
    node->lazy = take(parser, "?");
    node->possessive = !node->lazy && take(parser, "+");
    if (node->possessive) return fail(parser, "possessive repetition is not supported");
    atom = node;
  }
  return NULL;
}

static struct node *
parse_branches(struct parser *parser, struct node *into)
{
  if (parser->depth++ > 100) return fail(parser, "groups are nested too deep");
  do {
    struct node *first = NULL, **tail = &first;

    while (*parser->at && *parser->at != '|' && *parser->at != ')') {
      *tail = parse_repeat(parser);
      if (!*tail) return NULL;
      tail = &(*tail)->next;
    }
    into->branches = ast_grow(parser->arena, into->branches, into->branch_count, sizeof *into->branches);
    into->branches[into->branch_count++] = first;
  } while (take(parser, "|"));
  parser->depth--;
  return into;
}

struct regex *
regex_compile(struct arena *arena, const char *pattern, const char **why)
{
  struct parser parser = {.arena = arena, .at = pattern};
  struct regex *regex = arena_alloc(arena, sizeof *regex);

  regex->first = new_node(&parser, NODE_GROUP);
  regex->first->group = 0;
  if (parse_branches(&parser, regex->first) && *parser.at)
    fail(&parser, "a closing parenthesis has no group");
  regex->groups = parser.groups;
  *why = parser.why;
  return parser.why ? NULL : regex;
}

size_t
regex_groups(const struct regex *regex)
{
  return regex->groups;
}
