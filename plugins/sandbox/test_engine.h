/* SPDX-License-Identifier: Apache-2.0 */
/* Statements for tests: an engine on a state in memory, an admin and a stranger, and what to expect of each
 * statement. */
#ifndef CLXS_SANDBOX_TEST_ENGINE_H
#define CLXS_SANDBOX_TEST_ENGINE_H

#include <criterion/criterion.h>

#include "store/store.h"

#define ADMIN "admin@example.com"
#define OTHER "other@example.com"

/* For a suite's .init and .fini: fresh state, catalog c with schemas s and d. */
void engine_setup(void);
void engine_teardown(void);

/* Run TEXT as USER; the session (with its fault) and result live until the teardown. */
struct run {
  struct session session;
  struct result result;
  bool ok;
};
struct run engine_try(const char *user, const char *text);
/* One cell of a result, "NULL" for NULL; fails the test when it is not there. */
const char *engine_cell(const struct run *run, size_t row, size_t column);
/* Every row as "a|b;c|d". */
const char *engine_rows(const struct run *run);
/* Inside the store, for looking and for making what no statement makes. */
struct session *engine_enter(void);
void engine_leave(void);

#define DO_AS(user, text)                                                                                 \
  do {                                                                                                    \
    struct run run_ = engine_try(user, text);                                                             \
    cr_assert(run_.ok, "%s\n  %s: %s", text, run_.session.fault.error_class, run_.session.fault.message); \
  } while (0)
#define DO(text) DO_AS(ADMIN, text)
#define REFUSED_AS(user, class, text)                                             \
  do {                                                                            \
    struct run run_ = engine_try(user, text);                                     \
    cr_assert_not(run_.ok, "%s: was not refused", text);                          \
    cr_assert_str_eq(run_.session.fault.error_class, class, "%s\n  %s: %s", text, \
                     run_.session.fault.error_class, run_.session.fault.message); \
  } while (0)
#define REFUSED(class, text) REFUSED_AS(ADMIN, class, text)
#define ROWS(expected, text)                                                                              \
  do {                                                                                                    \
    struct run run_ = engine_try(ADMIN, text);                                                            \
    cr_assert(run_.ok, "%s\n  %s: %s", text, run_.session.fault.error_class, run_.session.fault.message); \
    cr_assert_str_eq(engine_rows(&run_), expected, "%s\n  gave %s", text, engine_rows(&run_));            \
  } while (0)

#endif
