/* SPDX-License-Identifier: Apache-2.0 */
/* ALTER VIEW v AS ... */
#ifndef CLXS_SANDBOX_DDL_VIEW_H
#define CLXS_SANDBOX_DDL_VIEW_H

#include "ddl/ddl.h"

/* Behind AS. The view keeps its id, grants and tags; the comments of its columns go. */
bool alter_view_as(struct cursor *cursor, struct table *view);
/* Run the query of a materialized view (or streaming table) again and replace its rows. */
bool materialized_refresh(struct session *session, struct table *table);

#endif
