/* SPDX-License-Identifier: Apache-2.0 */
/* clxs-gen's two products. Both are written whole into a buffer; main writes the file. */
#ifndef CLXS_SDK_GEN_GEN_H
#define CLXS_SDK_GEN_GEN_H

#include <clxs/status.h>

struct arena;
struct buf;
struct err;
struct manifest;

/* The header that a plugin includes: id, version, CLXS_GRAMMAR, and a macro for each command
 * (CMD_AUDIT_SHOW), argument (ARG_CATALOG), flag (FLAG_MAX_WORKERS) and config key (KEY_AUDIT_KEEP_DAYS).
 * CLXS_E_CONFIG when two names would make the same macro. */
clxs_status gen_header(struct arena *arena, const struct manifest *manifest, struct buf *out,
                       struct err *err);
/* The same grammar as C data, help texts included, for commands that are built into the host:
 * PREFIX_commands, PREFIX_command_count, PREFIX_global (the flags of the command "clxs"), PREFIX_keys and
 * PREFIX_key_count. */
clxs_status gen_embed(struct arena *arena, const struct manifest *manifest, const char *prefix,
                      struct buf *out, struct err *err);

#endif
