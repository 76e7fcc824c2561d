/* SPDX-License-Identifier: Apache-2.0 */
/* The command line as data: what a manifest says about commands, arguments and flags, in memory. Help,
 * parsing, completion and suggestions read this and nothing else. All texts live in the arena that the
 * grammar was read into. */
#ifndef CLXS_HOST_CLI_GRAMMAR_H
#define CLXS_HOST_CLI_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

enum grammar_type {
  TYPE_STRING,
  TYPE_BOOLEAN, /* a flag without a value; --no-NAME negates it */
  TYPE_INTEGER,
  TYPE_NUMBER,
  TYPE_DURATION, /* 300, 90s, 5m, 2h, 7d; milliseconds inside; bare numbers are seconds */
  TYPE_SIZE,     /* bytes, or with K, M, G, T (1024) */
  TYPE_CHOICE,   /* one of choices */
  TYPE_PATH,
  TYPE_SECURABLE, /* catalog[.schema[.name]] */
  TYPE_REGEX      /* POSIX extended, checked when parsed */
};

struct grammar_flag {
  const char *name, *short_name, *value_name; /* "max-workers", NULL or "w", "N" */
  enum grammar_type type;
  bool repeat, required, hidden;
  const char *default_value; /* as text, NULL for none */
  const char *config;        /* config key that feeds it, or NULL */
  const char *env;           /* environment variable that feeds it, or NULL */
  const char *help;
  const char *complete;       /* "none", "file", "directory", "catalog", "plugin": the plugin's complete() */
  const char *const *choices; /* NULL-terminated, for TYPE_CHOICE */
  bool has_min, has_max;
  double min, max; /* for numbers */
  const char *const
      *excludes; /* flags that cannot be given together with this one, NULL-terminated or NULL */
  bool harmless; /* given, the command changes nothing */
  bool late;     /* may also be given when the command goes on with an earlier run of itself */
  bool alone;    /* goes on with an earlier run, which was told the rest: excludes all that is not late */
};

struct grammar_arg {
  const char *name, *help, *complete;
  enum grammar_type type;
  bool repeat, required;
  const char *const *choices;
};

struct grammar_example {
  const char *cmd, *help;
};

struct grammar_command {
  const char *name;    /* "plugin list" */
  const char *summary; /* one line */
  const char *help;    /* long text (Markdown subset), or NULL */
  const char *group;   /* heading in `clxs help`: "Clone", "Analyse", ... */
  bool mutates, hidden;
  const struct grammar_arg *args;
  size_t arg_count;
  const struct grammar_flag *flags;
  size_t flag_count;
  const struct grammar_example *examples;
  size_t example_count;
};

/* The flag or argument NAME of COMMAND (NULL: of none), NULL when it has none of that name. Where a command
 * has a flag of the same name as a global one, the command's own is meant. */
const struct grammar_flag *grammar_find_flag(const struct grammar_command *command, const char *name);
const struct grammar_arg *grammar_find_arg(const struct grammar_command *command, const char *name);

#endif
