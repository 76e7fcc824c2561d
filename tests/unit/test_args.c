/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines against a grammar: what is understood, what is refused and with which words; and the types.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/suggest.h"
#include "cli/value.h"

static const char *const kinds[] = {"table", "view", NULL};
static const char *const not_all[] = {"all", NULL};
static const struct grammar_flag flags[] = {
    {.name = "source", .required = true, .type = TYPE_SECURABLE},
    {.name = "max-workers",
     .short_name = "w",
     .type = TYPE_INTEGER,
     .has_min = true,
     .min = 1,
     .has_max = true,
     .max = 99},
    {.name = "dry-run", .short_name = "n", .type = TYPE_BOOLEAN},
    {.name = "grants", .short_name = "g", .type = TYPE_BOOLEAN, .default_value = "true"},
    {.name = "kind", .type = TYPE_CHOICE, .choices = kinds, .repeat = true},
    {.name = "all", .type = TYPE_BOOLEAN},
    {.name = "only", .type = TYPE_REGEX, .excludes = not_all},
    {.name = "age", .type = TYPE_DURATION},
    {.name = "no-color", .type = TYPE_BOOLEAN},
    {.name = "secret", .hidden = true},
};
static const struct grammar_command clone = {
    .name = "clone", .flags = flags, .flag_count = ARRAY_SIZE(flags)};
static const struct grammar_flag global_flags[] = {
    {.name = "profile", .short_name = "p"}, {.name = "verbose", .short_name = "v", .type = TYPE_BOOLEAN}};
static const struct grammar_command global = {.name = "clxs", .flags = global_flags, .flag_count = 2};
static const struct grammar_arg show_args[] = {{.name = "catalog", .type = TYPE_SECURABLE, .required = true},
                                               {.name = "days", .type = TYPE_INTEGER},
                                               {.name = "names", .repeat = true}};
static const struct grammar_flag show_flags[] = {{.name = "tag", .repeat = true}};
static const struct grammar_command show = {
    .name = "audit show", .args = show_args, .arg_count = 3, .flags = show_flags, .flag_count = 1};

/* LINE is cut at "|", since values may have spaces. */
static struct args *
parse(struct arena *arena, const struct grammar_command *command, const char *line, struct err *err)
{
  const char *words[32];
  char *rest = *line ? arena_strdup(arena, line) : NULL;
  struct args *args = NULL;
  int count = 0;

  while (rest && count < 32)
    words[count++] = strsep(&rest, "|");
  return args_parse(arena, command, &global, count, words, &args, err) == CLXS_OK ? args : NULL;
}

/* "name=a,b" for each name in NAMES that was given. */
static const char *
show_values(struct arena *arena, const struct args *args, const char *const *names)
{
  const char *text = "";

  for (; *names; names++) {
    if (args_count(args, *names) > 0)
      text = arena_printf(arena, "%s%s=", *text ? arena_printf(arena, "%s ", text) : "", *names);
    for (uint32_t i = 0; i < args_count(args, *names); i++)
      text = arena_printf(arena, "%s%s%s", text, i ? "," : "", args_text(args, *names, i));
  }
  return text;
}

Test(args, understood)
{
  static const char *const names[] = {"source", "max-workers", "dry-run", "grants",  "kind",     "all",
                                      "only",   "age",         "profile", "verbose", "no-color", "catalog",
                                      "days",   "names",       "tag",     "help",    NULL};
  static const struct {
    const struct grammar_command *command;
    const char *line, *values;
  } cases[] = {
      {&clone, "--source|a", "source=a"},
      {&clone, "--source=a|--max-workers|8", "source=a max-workers=8"},
      {&clone, "--source=a=b", "source=a=b"},
      {&clone, "-w8|--source|a", "source=a max-workers=8"},
      {&clone, "-w|8|--source|a", "source=a max-workers=8"},
      {&clone, "-w=8|--source|a", "source=a max-workers=8"},
      {&clone, "-nv|--source|a", "source=a dry-run=true verbose=true"},
      {&clone, "-nw3|--source|a", "source=a max-workers=3 dry-run=true"},
      {&clone, "--no-grants|--source|a", "source=a grants=false"},
      {&clone, "--grants=off|--source|a", "source=a grants=false"},
      {&clone, "--grants=yes|--source|a", "source=a grants=true"},
      {&clone, "--no-color|--source|a", "source=a no-color=true"},
      {&clone, "--kind|table|--kind|view|--source|a", "source=a kind=table,view"},
      {&clone, "--kind|table|view|--source|a", "source=a kind=table,view"},
      {&clone, "--profile|prod|--source|a", "source=a profile=prod"},
      {&clone, "--source|a|-pprod", "source=a profile=prod"},
      {&clone, "--source|a|--source|a", "source=a"},
      {&clone, "--source|my `cat`|--only|^a+$", NULL},
      {&clone, "--source|`a.b`.`c``d`.e", "source=`a.b`.`c``d`.e"},
      {&clone, "--source|Größe", "source=Größe"},
      {&clone, "--source=a|--only=--x", "source=a only=--x"},
      {&clone, "--source=a|--age|7d", "source=a age=7d"},
      {&clone, "--source=a|--no-all|--only|x", "source=a all=false only=x"},
      {&clone, "--help", "help=true"},
      {&clone, "-h|--max-workers|2", "max-workers=2 help=true"},
      {&show, "main", "catalog=main"},
      {&show, "main|-5|-|x", "catalog=main days=-5 names=-,x"},
      {&show, "main|5|--|--tag|-x", "catalog=main days=5 names=--tag,-x"},
      {&show, "--tag|a|main|--tag|b|3", "catalog=main days=3 tag=a,b"},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct err err = ERR_INIT(arena);
    struct args *args = parse(arena, cases[i].command, cases[i].line, &err);

    if (!cases[i].values) {
      cr_expect_null(args, "%s was accepted", cases[i].line);
      continue;
    }
    cr_assert_not_null(args, "%s: %s", cases[i].line, err.message);
    cr_expect_str_eq(show_values(arena, args, names), cases[i].values);
  }
}

Test(args, refused)
{
  static const struct {
    const struct grammar_command *command;
    const char *line, *message, *hint;
  } cases[] = {
      {&clone, "", "--source is missing", "usage: clxs clone --source NAME [FLAGS]"},
      {&clone, "--sorce|a", "unknown flag --sorce for \"clone\"", "did you mean \"--source\"?"},
      {&clone, "--no-grant|--source|a", "unknown flag --no-grant for \"clone\"",
       "did you mean \"--no-grants\"?"},
      {&clone, "--no-source|a", "unknown flag --no-source for \"clone\"", NULL},
      {&clone, "--secre", "unknown flag --secre for \"clone\"", "see `clxs help clone`"},
      {&clone, "-x", "unknown flag -x for \"clone\"", NULL},
      {&clone, "-nx", "unknown flag -x for \"clone\"", NULL},
      {&clone, "--source", "--source needs a value", NULL},
      {&clone, "--source|--dry-run", "--source needs a value",
       "if \"--dry-run\" is meant as the value, write --source=--dry-run"},
      {&clone, "--source|-n", "--source needs a value", NULL},
      {&clone, "-w", "-w needs a value", NULL},
      {&clone, "--source|", "--source must be catalog, catalog.schema or catalog.schema.name, not \"\"",
       NULL},
      {&clone, "--source|a.b.c.d",
       "--source must be catalog, catalog.schema or catalog.schema.name, not \"a.b.c.d\"", NULL},
      {&clone, "--source|a..b",
       "--source must be catalog, catalog.schema or catalog.schema.name, not \"a..b\"", NULL},
      {&clone, "--source|`a", "--source must be catalog, catalog.schema or catalog.schema.name, not \"`a\"",
       NULL},
      {&clone, "--source|a|--source|b", "--source is given twice, as \"a\" and as \"b\"", "give it once"},
      {&clone, "--max-workers|0", "--max-workers must be at least 1, not 0", NULL},
      {&clone, "--max-workers|100", "--max-workers must be at most 99, not 100", NULL},
      {&clone, "--max-workers|4x", "--max-workers must be a whole number, not \"4x\"", NULL},
      {&clone, "--max-workers|99999999999999999999",
       "--max-workers must be a whole number, not \"99999999999999999999\"", NULL},
      {&clone, "--kind|tabel", "--kind must be one of table, view, not \"tabel\"", "did you mean \"table\"?"},
      {&clone, "--dry-run=perhaps", "--dry-run must be true or false, not \"perhaps\"", NULL},
      {&clone, "--no-grants=true", "--no-grants takes no value", NULL},
      {&clone, "--source|a|b", "unexpected argument \"b\" for \"clone\"", "see `clxs help clone`"},
      {&clone, "--source|a|--all|--only|x", "--only and --all cannot be given together", NULL},
      {&clone, "--only|(", "--only is not a POSIX extended regular expression: \"(\"", NULL},
      {&clone, "--age|7 days", "--age must be a time such as 90s, 5m, 2h or 7d, not \"7 days\"", NULL},
      {&show, "", "CATALOG is missing", "usage: clxs audit show CATALOG [DAYS] [NAMES...] [FLAGS]"},
      {&show, "main|x", "DAYS must be a whole number, not \"x\"", NULL},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct err err = ERR_INIT(arena);

    cr_expect_null(parse(arena, cases[i].command, cases[i].line, &err), "%s was accepted", cases[i].line);
    cr_expect_eq(err.status, CLXS_E_USAGE);
    cr_assert_not_null(err.message, "%s", cases[i].line);
    cr_expect(str_starts(err.message, cases[i].message), "%s: %s", cases[i].line, err.message);
    if (cases[i].hint) cr_expect_str_eq(err.hint, cases[i].hint);
  }
}

Test(args, leading)
{
  static const struct {
    const char *line;
    int leading;
  } cases[] = {{"clone", 0},
               {"-v|clone", 1},
               {"--profile|prod|clone", 2},
               {"--profile=prod|clone", 1},
               {"-pprod|clone", 1},
               {"-vp|prod|clone|-v", 2},
               {"-p=x|clone", 1},
               {"--unknown|clone", 1},
               {"--profile", 1},
               {"--|clone", 0},
               {"-|x", 0},
               {"--no-verbose|clone", 1},
               {"--help|clone|-v", 1},
               {"-hv|x", 1}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const char *words[8];
    char *rest = arena_strdup(arena, cases[i].line);
    int count = 0;

    while (rest && count < 8)
      words[count++] = strsep(&rest, "|");
    cr_expect_eq(args_leading(&global, count, words), cases[i].leading, "%s: %d", cases[i].line,
                 args_leading(&global, count, words));
  }
}

/* Both flags are called --tag; the host's is still there as -t. */
Test(args, a_flag_of_the_host_whose_long_name_the_command_has_taken)
{
  static const struct grammar_flag host_flags[] = {{.name = "tag", .short_name = "t"}};
  static const struct grammar_command host = {.name = "clxs", .flags = host_flags, .flag_count = 1};
  static const char *const words[] = {"c", "1", "--tag", "own", "-t", "hosts", "--tag=own2"};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct args *args = NULL;

  cr_assert_eq(args_parse(arena, &show, &host, ARRAY_SIZE(words), words, &args, &err), CLXS_OK);
  cr_assert_eq(args_count(args, "tag"), 2);
  cr_assert_str_eq(args_text(args, "tag", 1), "own2");
  cr_assert_str_eq(args_hidden_text(args, "tag", 0), "hosts");
  cr_assert_null(args_hidden_text(args, "tag", 1));
}

/* Anything at all: no crash, and either arguments or a message. */
Test(args, noise)
{
  static const char *const pieces[] = {"--", "-", "=",     "source", "kind", "w", "n", "|",
                                       "a",  "9", "table", "help",   "no-",  "`", "."};
  unsigned seed = 7;

  for (int round = 0; round < 20000; round++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    CLEANUP_BUF struct buf line = BUF_INIT(1 << 16);
    struct err err = ERR_INIT(arena);

    for (int i = 0; i < 12; i++) {
      seed = seed * 1103515245U + 12345U;
      buf_add_text(&line, pieces[(seed >> 16) % ARRAY_SIZE(pieces)]);
    }
    if (!parse(arena, round % 2 ? &show : &clone, line.data, &err))
      cr_assert(err.status == CLXS_E_USAGE && err.message, "%s", line.data);
  }
}

Test(value, numbers)
{
  static const struct {
    enum grammar_type type;
    const char *text;
    int64_t number;
  } cases[] = {
      {TYPE_DURATION, "300", 300000},
      {TYPE_DURATION, "90s", 90000},
      {TYPE_DURATION, "250ms", 250},
      {TYPE_DURATION, "5m", 300000},
      {TYPE_DURATION, "2h", 7200000},
      {TYPE_DURATION, "7d", 604800000},
      {TYPE_DURATION, "2w", 1209600000},
      {TYPE_DURATION, "0", 0},
      {TYPE_SIZE, "4096", 4096},
      {TYPE_SIZE, "512K", 524288},
      {TYPE_SIZE, "10m", 10485760},
      {TYPE_SIZE, "2G", INT64_C(2147483648)},
      {TYPE_SIZE, "1T", INT64_C(1099511627776)},
      {TYPE_BOOLEAN, "true", 1},
      {TYPE_BOOLEAN, "off", 0},
      {TYPE_INTEGER, "-12", -12},
      {TYPE_NUMBER, "2.9", 2},
      {TYPE_NUMBER, "1e300", INT64_MAX},
      {TYPE_STRING, "12", 12},
      {TYPE_STRING, "abc", 0},
      {TYPE_INTEGER, NULL, 0},
  };
  static const struct {
    enum grammar_type type;
    const char *text;
  } wrong[] = {
      {TYPE_DURATION, "-1"},
      {TYPE_DURATION, "1y"},
      {TYPE_DURATION, ""},
      {TYPE_DURATION, "1.5h"},
      {TYPE_DURATION, "9223372036854775807d"},
      {TYPE_SIZE, "9223372036854775807T"},
      {TYPE_SIZE, "1KB"},
      {TYPE_SIZE, "K"},
      {TYPE_SIZE, "-1"},
      {TYPE_BOOLEAN, "2"},
      {TYPE_NUMBER, "nan"},
      {TYPE_NUMBER, "-inf"},
      {TYPE_NUMBER, "1e999"},
      {TYPE_INTEGER, "1.0"},
      {TYPE_PATH, ""},
      {TYPE_SECURABLE, "``"},
      {TYPE_SECURABLE, "a.`b"},
      {TYPE_SECURABLE, ".a"},
      {TYPE_SECURABLE, "a`b"},
      {TYPE_REGEX, "["},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    cr_expect_eq(args_number(cases[i].type, cases[i].text), cases[i].number, "%s: %ld", cases[i].text,
                 (long)args_number(cases[i].type, cases[i].text));
  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
    struct err err = ERR_INIT(arena);
    struct grammar_flag flag = {.type = wrong[i].type};

    cr_expect_eq(args_check(&flag, wrong[i].text, "it", &err), CLXS_E_USAGE, "%s was accepted",
                 wrong[i].text);
    cr_expect(str_starts(err.message, "it "), "%s", err.message);
  }
}

Test(suggest, nearest_first)
{
  struct suggest suggest = {.word = "snapshto"}, nothing = {.word = "xyzzy"}, many = {.word = "cat"};
  char phrase[256];

  suggest_add(&suggest, "snap");
  suggest_add(&suggest, "snapshots");
  suggest_add(&suggest, "snapshot");
  suggest_add(&suggest, "clone");
  suggest_add(&suggest, "snapshot");
  cr_expect_str_eq(suggest_phrase(&suggest, phrase, sizeof phrase),
                   "did you mean \"snapshot\" or \"snapshots\"?");
  suggest_add(&nothing, "clone");
  cr_expect_null(suggest_phrase(&nothing, phrase, sizeof phrase));
  suggest_add(&many, "cats");
  suggest_add(&many, "cut");
  suggest_add(&many, "catalog list");
  suggest_add(&many, "car");
  cr_expect_str_eq(suggest_phrase(&many, phrase, sizeof phrase),
                   "did you mean \"cats\", \"cut\" or \"catalog list\"?");
  cr_expect_eq(strlen(suggest_phrase(&many, phrase, 10)), 9);
}

static const struct grammar_flag again_flags[] = {
    {.name = "dest", .late = true},
    {.name = "tags", .type = TYPE_BOOLEAN, .default_value = "true"},
    {.name = "resume", .alone = true}};
static const struct grammar_command again = {.name = "again", .flags = again_flags, .flag_count = 3};

Test(args, what_goes_on_alone_was_told_the_rest_before)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);

  cr_expect_not_null(parse(arena, &again, "--resume|x", &err));
  cr_expect_not_null(parse(arena, &again, "--resume|x|--dest|d|--profile|p", &err));
  cr_expect_not_null(parse(arena, &again, "--no-tags|--dest|d", &err));
  cr_expect_null(parse(arena, &again, "--no-tags|--resume|x", &err), "switched off is said, too");
  cr_expect_str_eq(err.message, "--resume and --tags cannot be given together");
}
