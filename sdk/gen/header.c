/* SPDX-License-Identifier: Apache-2.0 */
/* The generated header: one macro for each name in the manifest, so that a misspelt name is a compile error.
 */
#include "gen/gen.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "plugin/manifest.h"

#include "base/banned.h"

struct header {
  struct arena *arena;
  const struct manifest *manifest;
  struct map *macros; /* macro to the name it stands for */
  struct buf *out;
  struct err *err;
};

/* PREFIX_NAME in capitals, everything but letters and digits as an underscore. */
static char *
macro_name(struct arena *arena, const char *prefix, const char *name)
{
  char *macro = arena_printf(arena, "%s_%s", prefix, name);

  for (char *p = macro; *p; p++)
    *p = !str_is_alnum(*p) ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
  return macro;
}

/* One #define, unless the same one is there already (two commands may share a flag's name). */
static clxs_status
add_macro(struct header *header, const char *prefix, const char *name)
{
  char *macro = macro_name(header->arena, prefix, name);
  const char *before = map_get(header->macros, macro);

  if (before && str_eq(before, name)) return CLXS_OK;
  if (before)
    return err_set(header->err, CLXS_E_CONFIG, "%s: \"%s\" and \"%s\" would both be %s; rename one",
                   header->manifest->file, before, name, macro);
  map_set(header->macros, macro, arena_strdup(header->arena, name));
  buf_addf(header->out, "#define %s \"%s\"\n", macro, name);
  return CLXS_OK;
}

static clxs_status
add_command(struct header *header, const struct grammar_command *command)
{
  clxs_status status;

  buf_addf(header->out, "\n/* clxs %s */\n", command->name);
  status = add_macro(header, "CMD", command->name);
  for (size_t i = 0; i < command->arg_count && status == CLXS_OK; i++)
    status = add_macro(header, "ARG", command->args[i].name);
  for (size_t i = 0; i < command->flag_count && status == CLXS_OK; i++)
    status = add_macro(header, "FLAG", command->flags[i].name);
  return status;
}

clxs_status
gen_header(struct arena *arena, const struct manifest *manifest, struct buf *out, struct err *err)
{
  CLEANUP_MAP struct map *macros = map_new();
  struct header header = {arena, manifest, macros, out, err};
  const char *guard = macro_name(arena, "CLXS_GEN", manifest->id);
  clxs_status status = CLXS_OK;

  buf_addf(
      out,
      "/* Made by clxs-gen from plugin.json; change that file instead. */\n#ifndef %s_H\n#define %s_H\n\n",
      guard, guard);
  buf_addf(out, "#include <stdint.h>\n\n#define CLXS_PLUGIN_ID \"%s\"\n#define CLXS_PLUGIN_VERSION \"%s\"\n",
           manifest->id, manifest->version);
  buf_addf(out, "#define CLXS_GRAMMAR UINT64_C(0x%016" PRIx64 ")\n", manifest_grammar_hash(manifest));
  for (size_t i = 0; i < manifest->command_count && status == CLXS_OK; i++)
    status = add_command(&header, &manifest->commands[i]);
  if (manifest->key_count > 0) buf_add_text(out, "\n/* config keys */\n");
  for (size_t i = 0; i < manifest->key_count && status == CLXS_OK; i++)
    status = add_macro(&header, "KEY", manifest->keys[i].name);
  buf_add_text(out, "\n#endif\n");
  return status;
}
