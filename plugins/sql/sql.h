/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the sql plugin: what both commands share. The reading of SQL itself is sdk/kit/sqltext's. */
#ifndef CLXS_SQL_PLUGIN_H
#define CLXS_SQL_PLUGIN_H

#include <clxs/clxs.h>

#include "kit/sqltext/rewrite.h"

struct buf;

/* All of the file that the argument "file" names, or standard input for "-", added to TEXT. */
clxs_status input_read(struct clxs_call *call, struct buf *text);
/* The name of that file for messages. */
const char *input_name(struct clxs_call *call);
/* NAME as a language; false where it is none. */
bool language_read(const char *name, enum sqltext_language *language);
/* Each report as a line on standard error, with file, line and column. */
void reports_log(struct clxs_call *call, const char *file, const struct sqltext_report *reports,
                 size_t count);
/* --from or --to is there and can be a catalog. */
clxs_status catalog_check(struct clxs_call *call, const char *flag, const char *name);

clxs_status rewrite_run(void *state, struct clxs_call *call);
clxs_status refs_run(void *state, struct clxs_call *call);
/* rewrite --jsonl: INPUT's lines rewritten and printed, all or none. */
clxs_status jsonl_run(struct clxs_call *call, const struct buf *input);

#endif
