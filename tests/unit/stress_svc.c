/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs on many workers, each using every service that a worker may use, for ThreadSanitizer; a plain program,
 * because Criterion does not run under it. Prints one line and exits 0 when every answer was right. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "unit/svc_fixture.h"

#include "base/banned.h"

#define COUNT 1200
#define WIDTH 16

static atomic_uint wrong, told;

static clxs_status
check(bool right, const char *what)
{
  if (right) return CLXS_OK;
  atomic_fetch_add(&wrong, 1);
  fprintf(stderr, "wrong: %s\n", what);
  return CLXS_E_INTERNAL;
}

static clxs_status
one_statement(struct clxs_call *call)
{
  struct clxs_statement statement = {.size = sizeof statement, .text = "SELECT 1"};
  struct clxs_rows *rows;
  clxs_status status = clxs_sql(call)->run(call, &statement, &rows);

  if (status != CLXS_OK) return check(false, "statement");
  check(clxs_sql(call)->next(call, rows) == 1 && str_eq(clxs_sql(call)->text(call, rows, 0), "1"), "row");
  return check(clxs_sql(call)->next(call, rows) == 0, "end");
}

static clxs_status
one_listing(struct clxs_call *call, uint64_t index)
{
  const char *json, *schema = clxs_textf(call, "s%d", (int)(index % 5));

  if (index % 50 == 0) clxs_meta(call)->invalidate(call, "c");
  return check(clxs_meta(call)->list(call, "tables", "c", schema, &json) == CLXS_OK && str_eq(json, "[1]"),
               "listing");
}

static clxs_status
one_request(struct clxs_call *call)
{
  struct clxs_request request = {.size = sizeof request, .method = "PATCH", .path = "/fails"};
  struct clxs_traffic traffic = {.size = sizeof traffic};

  clxs_rest(call)->traffic(call, &traffic);
  check(clxs_rest(call)->send(call, &request, NULL) == CLXS_E_INVALID, "refused request");
  check(str_starts(call->core->error(call)->message, "PATCH /fails: "), "its error");
  call->core->error_clear(call);
  return CLXS_OK;
}

static clxs_status
work(void *data, struct clxs_call *call, uint64_t index)
{
  (void)data;
  clxs_output(call)->progress(call, "stress", index, COUNT);
  switch (index % 6) {
  case 0: return one_statement(call);
  case 1: return one_listing(call, index);
  case 2: return one_request(call);
  case 3: return clxs_events(call)->emit(call, "stress.step", "{}");
  case 4:
    clxs_cache(call)->put(call, "key", "value", 0);
    if (index % 60 == 4) clxs_cache(call)->drop(call, "key");
    return check(clxs_config(call)->integer(call, "cache.ttl", 0) == 300000, "configuration");
  default: return index == 605 ? clxs_failf(call, CLXS_E_CONFLICT, NULL, "six hundred and five") : CLXS_OK;
  }
}

static clxs_status
listen(struct clxs_call *call, const char *command)
{
  (void)call;
  (void)command;
  atomic_fetch_add(&told, 1);
  return CLXS_OK;
}

int
main(void)
{
  clxs_status status;

  svc_open();
  svc.hook = "do";
  svc.run = listen;
  FAKE_ADD(fixture.fake, .match = "POST /api/2.0/sql/statements",
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":{\"schema\":{"
                   "\"columns\":[{\"name\":"
                   "\"a\"}]}},\"result\":{\"data_array\":[[\"1\"]]}}");
  FAKE_ADD(fixture.fake, .match = "GET /api/2.1/unity-catalog/tables", .body = "{\"tables\":[1]}");
  FAKE_ADD(fixture.fake, .match = "PATCH /fails", .status = 400,
           .body = "{\"error_code\":\"X\",\"message\":\"m\"}");
  status = clxs_jobs(svc.pub)->each(svc.pub, COUNT, WIDTH, work, NULL);
  check(status == CLXS_E_CONFLICT && str_eq(svc.pub->core->error(svc.pub)->message, "six hundred and five"),
        "the one failure is told");
  check(atomic_load(&told) == COUNT / 6, "every event arrived");
  printf("%d jobs, %u events, %u wrong\n", COUNT, atomic_load(&told), atomic_load(&wrong));
  svc_close();
  return atomic_load(&wrong) == 0 ? 0 : 1;
}
