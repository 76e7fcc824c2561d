/* SPDX-License-Identifier: Apache-2.0 */
/* The two example catalogs, for seed.c. */
#ifndef CLXS_SANDBOX_SEED_DEMO_H
#define CLXS_SANDBOX_SEED_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

/* The text of demo.sql. */
extern const char seed_demo_sql[] __attribute__((visibility("hidden")));

/* Run statements separated by semicolons; the first that fails ends it. */
bool seed_script(struct session *session, const char *text, size_t length);
struct column;
struct table;

/* A column that takes NULLs, as table_insert wants it. TYPE_JSON is Spark's name of the type. */
struct column seed_column(int position, const char *name, const char *type_text, const char *type_name,
                          const char *type_json);
/* Store TABLE with ROW_COUNT rows, each the SQLite text of its values: "1, 'a'". Inside
 * store_enter. */
bool seed_table(struct session *session, struct table *table, const char *const *rows, size_t row_count);
/* Each outside store_enter; false with the session's fault. */
bool seed_demo(struct session *session);
bool seed_synth(struct session *session, int64_t tables, bool full);

#endif
