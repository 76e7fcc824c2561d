/* SPDX-License-Identifier: Apache-2.0 */
/* Environment variables inside configuration values. It must not know what the values are for. */
#ifndef CLXS_HOST_CONF_EXPAND_H
#define CLXS_HOST_CONF_EXPAND_H

#include <clxs/status.h>

struct arena;
struct err;

/* TEXT with ${NAME} replaced by the variable, ${NAME:-DEFAULT} by the variable or, where that is unset or
 * empty, by DEFAULT (which may hold variables of its own), and $$ by one $. Any other $ stays. CLXS_E_CONFIG,
 * naming WHERE and the variable, when one is unset without default or the form is broken. */
clxs_status expand_text(struct arena *arena, const char *text, const char *where, const char **expanded,
                        struct err *err);

#endif
