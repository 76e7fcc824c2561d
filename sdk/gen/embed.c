/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest as constant C data. The host's own commands are known this way without reading or parsing
 * anything when it starts. */
#include "gen/gen.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/value.h"
#include "plugin/manifest.h"

#include "base/banned.h"

/* The command that stands for the program itself: its flags are accepted by every command. */
#define GLOBAL "clxs"

/* TEXT as a C literal, a line of source for each line of text. */
static void
add_literal(struct buf *out, const char *text)
{
  if (!text) {
    buf_add_text(out, "NULL");
    return;
  }
  buf_add_char(out, '"');
  for (; *text; text++) {
    if (*text == '\n')
      buf_add_text(out, text[1] ? "\\n\"\n    \"" : "\\n");
    else if (*text == '"' || *text == '\\' || *text == '?')
      buf_addf(out, "\\%c", *text);
    else if ((unsigned char)*text < 0x20)
      buf_addf(out, "\\%03o", (unsigned)(unsigned char)*text);
    else
      buf_add_char(out, *text);
  }
  buf_add_char(out, '"');
}

static void
add_text(struct buf *out, const char *member, const char *text)
{
  if (!text) return;
  buf_addf(out, ".%s = ", member);
  add_literal(out, text);
  buf_add_text(out, ", ");
}

static void
add_texts(struct buf *out, const char *member, const char *const *texts)
{
  if (!texts) return;
  buf_addf(out, ".%s = (const char *const[]){", member);
  for (; *texts; texts++) {
    add_literal(out, *texts);
    buf_add_text(out, ", ");
  }
  buf_add_text(out, "NULL}, ");
}

static void
add_bool(struct buf *out, const char *member, bool value)
{
  if (value) buf_addf(out, ".%s = true, ", member);
}

/* The enumerator is the type's name in capitals. */
static void
add_type(struct buf *out, enum grammar_type type)
{
  buf_add_text(out, ".type = TYPE_");
  for (const char *p = value_type_name(type); *p; p++)
    buf_add_char(out, (char)(*p - 'a' + 'A'));
  buf_add_text(out, ", ");
}

static void
add_arg(struct buf *out, const struct grammar_arg *arg)
{
  buf_add_text(out, "    {");
  add_text(out, "name", arg->name);
  add_text(out, "help", arg->help);
  add_text(out, "complete", arg->complete);
  add_type(out, arg->type);
  add_bool(out, "repeat", arg->repeat);
  add_bool(out, "required", arg->required);
  add_texts(out, "choices", arg->choices);
  buf_add_text(out, "},\n");
}

static void
add_flag(struct buf *out, const struct grammar_flag *flag)
{
  buf_add_text(out, "    {");
  add_text(out, "name", flag->name);
  add_text(out, "short_name", flag->short_name);
  add_text(out, "value_name", flag->value_name);
  add_type(out, flag->type);
  add_bool(out, "repeat", flag->repeat);
  add_bool(out, "required", flag->required);
  add_bool(out, "hidden", flag->hidden);
  add_text(out, "default_value", flag->default_value);
  add_text(out, "config", flag->config);
  add_text(out, "env", flag->env);
  add_text(out, "help", flag->help);
  add_text(out, "complete", flag->complete);
  add_texts(out, "choices", flag->choices);
  add_bool(out, "has_min", flag->has_min);
  add_bool(out, "has_max", flag->has_max);
  buf_addf(out, ".min = %.17g, .max = %.17g, ", flag->min, flag->max);
  add_texts(out, "excludes", flag->excludes);
  add_bool(out, "late", flag->late);
  add_bool(out, "harmless", flag->harmless);
  add_bool(out, "alone", flag->alone);
  buf_add_text(out, "},\n");
}

static void
add_key(struct buf *out, const struct conf_key *key)
{
  buf_add_text(out, "    {");
  add_text(out, "name", key->name);
  add_type(out, key->type);
  add_bool(out, "list", key->list);
  add_bool(out, "secret", key->secret);
  add_bool(out, "free_form", key->free_form);
  add_text(out, "default_value", key->default_value);
  add_text(out, "env", key->env);
  add_text(out, "help", key->help);
  add_texts(out, "choices", key->choices);
  buf_add_text(out, "},\n");
}

/* The arrays that command INDEX refers to. */
static void
add_arrays(struct buf *out, const struct grammar_command *command, size_t index)
{
  if (command->arg_count > 0) {
    buf_addf(out, "static const struct grammar_arg args_%zu[] = {\n", index);
    for (size_t i = 0; i < command->arg_count; i++)
      add_arg(out, &command->args[i]);
    buf_add_text(out, "};\n");
  }
  if (command->flag_count > 0) {
    buf_addf(out, "static const struct grammar_flag flags_%zu[] = {\n", index);
    for (size_t i = 0; i < command->flag_count; i++)
      add_flag(out, &command->flags[i]);
    buf_add_text(out, "};\n");
  }
  if (command->example_count > 0) {
    buf_addf(out, "static const struct grammar_example examples_%zu[] = {\n", index);
    for (size_t i = 0; i < command->example_count; i++) {
      buf_add_text(out, "    {");
      add_text(out, "cmd", command->examples[i].cmd);
      add_text(out, "help", command->examples[i].help);
      buf_add_text(out, "},\n");
    }
    buf_add_text(out, "};\n");
  }
}

static void
add_array_use(struct buf *out, const char *member, const char *count_member, const char *array, size_t index,
              size_t count)
{
  if (count > 0) buf_addf(out, ".%s = %s_%zu, .%s = %zu, ", member, array, index, count_member, count);
}

static void
add_command(struct buf *out, const struct grammar_command *command, const char *help, size_t index)
{
  buf_add_char(out, '{');
  add_text(out, "name", command->name);
  add_text(out, "summary", command->summary);
  add_text(out, "help", help);
  add_text(out, "group", command->group);
  add_bool(out, "mutates", command->mutates);
  add_bool(out, "hidden", command->hidden);
  add_array_use(out, "args", "arg_count", "args", index, command->arg_count);
  add_array_use(out, "flags", "flag_count", "flags", index, command->flag_count);
  add_array_use(out, "examples", "example_count", "examples", index, command->example_count);
  buf_add_char(out, '}');
}

static void
add_keys(struct buf *out, const struct manifest *manifest, const char *prefix)
{
  buf_addf(out, "\nconst size_t %s_key_count = %zu;\nconst struct conf_key %s_keys[] = {\n", prefix,
           manifest->key_count, prefix);
  for (size_t i = 0; i < manifest->key_count; i++)
    add_key(out, &manifest->keys[i]);
  buf_add_text(out, "    {.name = NULL},\n};\n");
}

clxs_status
gen_embed(struct arena *arena, const struct manifest *manifest, const char *prefix, struct buf *out,
          struct err *err)
{
  const char **helps = arena_array(arena, manifest->command_count + 1, sizeof *helps);
  size_t count = 0;

  buf_addf(out, "/* Made by clxs-gen from %s; change that file instead. */\n", manifest->id);
  buf_add_text(out, "#include \"cli/grammar.h\"\n#include \"conf/conf.h\"\n\n");
  buf_addf(out,
           "extern const struct grammar_command %s_commands[], %s_global;\nextern const struct conf_key "
           "%s_keys[];\n",
           prefix, prefix, prefix);
  buf_addf(out, "extern const size_t %s_command_count, %s_key_count;\n\n", prefix, prefix);
  for (size_t i = 0; i < manifest->command_count; i++) {
    clxs_status status = manifest_help(arena, manifest, &manifest->commands[i], &helps[i], err);

    if (status != CLXS_OK) return status;
    add_arrays(out, &manifest->commands[i], i);
  }
  buf_addf(out, "\nconst struct grammar_command %s_commands[] = {\n", prefix);
  for (size_t i = 0; i < manifest->command_count; i++) {
    if (str_eq(manifest->commands[i].name, GLOBAL)) continue;
    buf_add_text(out, "    ");
    add_command(out, &manifest->commands[i], helps[i], i);
    buf_add_text(out, ",\n");
    count++;
  }
  buf_addf(out, "    {.name = NULL},\n};\nconst size_t %s_command_count = %zu;\n\n", prefix, count);
  buf_addf(out, "const struct grammar_command %s_global = ", prefix);
  for (size_t i = 0; i < manifest->command_count; i++)
    if (str_eq(manifest->commands[i].name, GLOBAL)) add_command(out, &manifest->commands[i], helps[i], i);
  if (!manifest_command(manifest, GLOBAL)) buf_add_text(out, "{.name = \"" GLOBAL "\"}");
  buf_add_text(out, ";\n");
  add_keys(out, manifest, prefix);
  return CLXS_OK;
}
