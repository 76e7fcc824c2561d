/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of error classes: SQLSTATE for statements, code and HTTP status for REST, and the statement
 * API's own error_code. Classes: https://docs.databricks.com/error-messages/error-classes.html */
#ifndef CLXS_SANDBOX_STORE_FAULTS_H
#define CLXS_SANDBOX_STORE_FAULTS_H

#include "engine.h"

/* Record CLASS with its SQLSTATE from the table. Returns false. */
bool fault_raise(struct session *session, const char *error_class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with another text for REST ("Table 'c.s.t' does not exist."). */
bool fault_raise_rest(struct session *session, const char *error_class, const char *rest_message,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Forget the fault, as after a look-up that may fail. */
void fault_clear(struct session *session);
/* The REST view of the session's fault: code, HTTP status and message are never NULL or 0. */
void fault_to_rest(const struct session *session, const char **code, int *http_status, const char **message);
/* The statement API's view: error_code (BAD_REQUEST, NOT_FOUND, ...), the message with "[CLASS] ... SQLSTATE:
 * xxxxx", and the SQLSTATE or NULL. */
void fault_to_statement(const struct session *session, const char **error_code, const char **message,
                        const char **sql_state);

#endif
