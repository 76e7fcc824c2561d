/* SPDX-License-Identifier: Apache-2.0 */
/* The YAML of a metric view. */
#ifndef CLXS_SANDBOX_DDL_METRIC_H
#define CLXS_SANDBOX_DDL_METRIC_H

#include "ddl/ddl.h"

/* VIEW's columns are the dimensions and measures of YAML, typed by their expressions over its source.
 * METRIC_VIEW_INVALID_VIEW_DEFINITION when there is no source, a name or expression is missing, or one does
 * not resolve. */
bool metric_columns(struct session *session, const char *yaml, struct table *view);

#endif
