/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the rollback plugin share. */
#ifndef CLXS_PLUGINS_ROLLBACK_H
#define CLXS_PLUGINS_ROLLBACK_H

#include <clxs/clxs.h>

struct journal_image;

/* history.c */
clxs_status history_list_run(void *state, struct clxs_call *call);
clxs_status history_show_run(void *state, struct clxs_call *call);
/* "running", "done", "partial", "cancelled", "failed" or "died". */
const char *history_state(const struct journal_image *image);

#endif
