/* SPDX-License-Identifier: Apache-2.0 */
/* What the text of a view or function depends on, recorded when it is made. */
#ifndef CLXS_SANDBOX_DDL_DEPEND_H
#define CLXS_SANDBOX_DDL_DEPEND_H

#include "ddl/ddl.h"
#include "kit/sqltext/refs.h"

/* {"dependencies":[{"table":{"table_full_name":...}},{"function":{...}}]} of the relations and functions that
 * TEXT names and that exist; names of fewer than three parts are completed from the session. */
const char *dependencies_json(struct session *session, const char *text, enum sqltext_language language);

#endif
