/* SPDX-License-Identifier: Apache-2.0 */
/* SQL that a person writes into a flag or a setting and that becomes part of a larger statement: a condition
 * for WHERE, an expression for one column. It stays as it is; only what could reach beyond its place is
 * refused. Whether it means anything is for the service to say. */
#ifndef CLXS_KIT_SQLTEXT_CONDITION_H
#define CLXS_KIT_SQLTEXT_CONDITION_H

struct arena;

/* NULL when TEXT can stand between round brackets and cannot end them, the statement, or what follows on its
 * line; else why not, for a person, in ARENA. */
const char *sql_condition_problem(struct arena *arena, const char *text);

#endif
