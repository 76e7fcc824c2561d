/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the audit plugin share. */
#ifndef CLXS_PLUGINS_AUDIT_H
#define CLXS_PLUGINS_AUDIT_H

#include <clxs/clxs.h>

struct json_object;

/* record.c: the table of audit.table, quoted, in the call's scope; *SCHEMA its first two parts. NULL without
 * an error when none is set; with one when it is no name of three parts. */
const char *audit_table(struct clxs_call *call, const char **schema);
/* Write EVENT (a JSON object) of TOPIC into the table. */
clxs_status audit_write(struct clxs_call *call, const char *topic, struct json_object *event);

/* redact.c: VALUE without secrets, at any depth: members whose name speaks of one, and texts that look like
 * one. In place. */
void audit_redact(struct json_object *value);

/* list.c */
clxs_status audit_list(void *state, struct clxs_call *call);

#endif
