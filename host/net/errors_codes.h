/* SPDX-License-Identifier: Apache-2.0 */
/* The table behind errors.h: API error codes and SQL error classes to our status. */
#ifndef CLXS_HOST_NET_ERRORS_CODES_H
#define CLXS_HOST_NET_ERRORS_CODES_H

#include <clxs/status.h>
#include <stdbool.h>

/* CODE (an API code or the main part of a SQL class; may be NULL); CLXS_OK when it says nothing. */
clxs_status errors_code_status(const char *code);
bool errors_code_is_transient(const char *code);
/* The same for a SQLSTATE. */
clxs_status errors_sqlstate_status(const char *sql_state);

#endif
