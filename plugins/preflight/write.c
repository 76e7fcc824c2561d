/* SPDX-License-Identifier: Apache-2.0 */
/* The one check that changes something, on request only: a schema with a random name is made and dropped. It
 * is dropped too when it is not certain that it was made. */
#include <stdlib.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "preflight.h"

#include "base/banned.h"

#define CHECK "write check"

static clxs_status
run(struct preflight *preflight, const char *before, const char *schema, const char *behind)
{
  const char *const names[] = {preflight->dest, schema};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct clxs_statement statement = {
      .size = sizeof statement, .flags = CLXS_SQL_MUTATES | CLXS_SQL_IDEMPOTENT, .purpose = "write check"};

  buf_add_text(&text, before);
  sql_add_names(&text, names, 2);
  buf_add_text(&text, behind);
  statement.text = text.data;
  statement.workspace = preflight->workspace;
  return clxs_sql(preflight->call)->run(preflight->call, &statement, NULL);
}

/* The statement may have had its effect although it did not end well. */
static bool
may_exist(clxs_status status)
{
  return status == CLXS_OK || status == CLXS_E_LOST || status == CLXS_E_TIMEOUT ||
         status == CLXS_E_UNAVAILABLE || status == CLXS_E_CANCELLED;
}

void
check_write(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  uint64_t number = 0;
  const char *schema, *problem = NULL;
  clxs_status made, dropped;

  if (!preflight->dest_exists) {
    check_warn(preflight, CHECK, clxs_textf(call, "not done: %s is not there", preflight->dest),
               "a catalog is not made only to find out whether it can be");
    return;
  }
  if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) {
    check_warn(preflight, CHECK, "not done: the system gives no random numbers", NULL);
    return;
  }
  schema = clxs_textf(call, "clxs_preflight_%016llx", (unsigned long long)number);
  made = run(preflight, "CREATE SCHEMA IF NOT EXISTS ", schema, "");
  if (made < 0) problem = take_message(preflight);
  if (!may_exist(made)) {
    check_fail(preflight, CHECK, made, problem,
               grant_hint(preflight, "USE CATALOG, CREATE SCHEMA", "CATALOG", preflight->dest));
    return;
  }
  dropped = run(preflight, "DROP SCHEMA IF EXISTS ", schema, " RESTRICT");
  clxs_meta(call)->invalidate(call, preflight->dest);
  if (dropped < 0)
    check_fail(preflight, CHECK, dropped,
               clxs_textf(call, "%s.%s could not be dropped again: %s", preflight->dest, schema,
                          take_message(preflight)),
               clxs_textf(call, "drop the schema %s by hand", schema));
  else if (made < 0)
    check_fail(preflight, CHECK, made, problem, "run it again");
  else
    check_ok(preflight, CHECK, clxs_textf(call, "%s.%s was made and dropped again", preflight->dest, schema));
}
