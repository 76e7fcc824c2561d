/* SPDX-License-Identifier: Apache-2.0 */
/* clxs-gen: a manifest to C. Runs when plugins are built, in this tree and in others; it checks all that the
 * loader will check, so that a wrong manifest fails the build and not the user. */
#include "gen/gen.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "plugin/manifest.h"

#include "base/banned.h"

static const char usage[] =
    "usage: clxs-gen [--check | --embed PREFIX] [-o FILE] MANIFEST\n"
    "\n"
    "Check a plugin's manifest (plugin.json) and write what its code includes.\n"
    "\n"
    "  (nothing)       a header with a macro for each name, and CLXS_GRAMMAR\n"
    "  --check         nothing but the check\n"
    "  --embed PREFIX  the whole grammar as C data, for commands built into the host\n"
    "  -o FILE         where to write it; standard output otherwise\n";

struct options {
  const char *prefix, *output, *manifest;
  bool check;
};

static bool
read_options(int argc, char **argv, struct options *options)
{
  for (int i = 1; i < argc; i++) {
    if (str_eq(argv[i], "--check"))
      options->check = true;
    else if (str_eq(argv[i], "--embed") && i + 1 < argc)
      options->prefix = argv[++i];
    else if (str_eq(argv[i], "-o") && i + 1 < argc)
      options->output = argv[++i];
    else if (argv[i][0] != '-' && !options->manifest)
      options->manifest = argv[i];
    else
      return false;
  }
  return options->manifest != NULL;
}

/* Every help file that a command names is there. */
static clxs_status
check_help(struct arena *arena, const struct manifest *manifest, struct err *err)
{
  const char *text;

  for (size_t i = 0; i < manifest->command_count; i++)
    if (manifest_help(arena, manifest, &manifest->commands[i], &text, err) != CLXS_OK)
      return err_set(err, CLXS_E_CONFIG, "%s: the help of \"%s\" cannot be read", manifest->file,
                     manifest->commands[i].name);
  return CLXS_OK;
}

static clxs_status
generate(struct arena *arena, const struct options *options, struct err *err)
{
  const struct manifest *manifest;
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  clxs_status status = manifest_read(arena, options->manifest, &manifest, err);

  if (status == CLXS_OK) status = manifest_lint(arena, manifest, err);
  if (status == CLXS_OK) status = check_help(arena, manifest, err);
  if (status != CLXS_OK || options->check) return status;
  status = options->prefix ? gen_embed(arena, manifest, options->prefix, &out, err)
                           : gen_header(arena, manifest, &out, err);
  if (status != CLXS_OK) return status;
  if (options->output) return path_write(options->output, out.data, out.len, 0644, err);
  if (fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
    return err_errno(err, "cannot write to standard output");
  return CLXS_OK;
}

int
main(int argc, char **argv)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct options options = {0};
  clxs_status status;

  if (argc == 2 && str_eq(argv[1], "--help")) {
    fputs(usage, stdout);
    return 0;
  }
  if (!read_options(argc, argv, &options)) {
    fputs(usage, stderr);
    return 2;
  }
  status = generate(arena, &options, &err);
  if (status == CLXS_OK) return 0;
  fprintf(stderr, "clxs-gen: %s\n", err.message);
  for (const struct err_cause *cause = err.cause; cause; cause = cause->older)
    fprintf(stderr, "  because: %s\n", cause->message);
  if (err.hint) fprintf(stderr, "  %s\n", err.hint);
  return clxs_exit_code(status);
}
