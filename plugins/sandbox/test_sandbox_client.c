/* SPDX-License-Identifier: Apache-2.0 */
/* A small HTTP client and an engine without SQL, for tests. Statements: DDL (nothing), ROWS n (n rows of two
 * columns), SPIN (until cancelled), WIDE n (one cell of n bytes), WHO (the caller and the session's
 * defaults); anything else is a table that does not exist. */
#include "test_sandbox_client.h"

#include <criterion/criterion.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "http/warehouse.h"
#include "store/store.h"

struct sandbox *box;
struct answer answer;
static CURL *curl;

static void
make_table(struct session *session, struct result *result, int rows)
{
  static struct result_column columns[] = {{"id", "LONG", "bigint", 0, 0},
                                           {"text", "DECIMAL", "decimal(10,2)", 10, 2}};

  result->columns = columns;
  result->column_count = 2;
  result->rows = arena_array(session->arena, (size_t)rows + 1, sizeof *result->rows);
  result->row_count = (size_t)rows;
  for (int i = 0; i < rows; i++) {
    result->rows[i] = arena_array(session->arena, 2, sizeof(char *));
    result->rows[i][0] = arena_printf(session->arena, "%d", i);
    result->rows[i][1] = i % 3 ? arena_printf(session->arena, "a\"b,%d", i) : NULL;
  }
}

static const char *
who(struct session *session)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  buf_addf(&text, "%s %s.%s", session->user, session->catalog ? session->catalog : "-",
           session->schema ? session->schema : "-");
  for (size_t i = 0; i < session->bind_count; i++)
    buf_addf(&text, " %s:%s=%s", session->binds[i].name,
             session->binds[i].type ? session->binds[i].type : "-",
             session->binds[i].value ? session->binds[i].value : "NULL");
  return arena_strdup(session->arena, text.data);
}

bool
engine_run(struct session *session, const char *text, size_t length, struct result *result)
{
  int64_t number = 0;

  (void)length;
  if (strchr(text, ' ')) str_to_int64(strchr(text, ' ') + 1, &number);
  if (str_eq(text, "DDL")) return true;
  if (str_eq(text, "SPIN")) {
    while (!atomic_load(session->cancelled))
      usleep(500);
    return fault_raise(session, "CANCELLED", "cancelled");
  }
  if (str_starts(text, "ROWS ")) {
    make_table(session, result, (int)number);
    return true;
  }
  if (str_starts(text, "WIDE ") || str_eq(text, "WHO")) {
    make_table(session, result, 1);
    result->rows[0][0] =
        str_eq(text, "WHO") ? who(session) : arena_printf(session->arena, "%0*d", (int)number, 0);
    return true;
  }
  return fault_raise(session, "TABLE_OR_VIEW_NOT_FOUND", "The table or view %s cannot be found.", text);
}

void
setup_with(struct sandbox_options options)
{
  static const struct sandbox_user users[] = {{"admin@example.com", ADMIN}, {"bob@example.com", BOB}};
  char *why = NULL;

  options.users = users;
  options.user_count = 2;
  options.client_id = CLIENT_ID;
  options.client_secret = CLIENT_SECRET;
  cr_assert(sandbox_open(&options, &box, &why) && sandbox_listen(box, &why), "%s", why);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  curl = curl_easy_init();
}

void
setup(void)
{
  setup_with((struct sandbox_options){0});
}

static void
forget(void)
{
  json_object_put(answer.json);
  free(answer.body);
  free(answer.headers);
  answer = (struct answer){0};
}

void
teardown(void)
{
  forget();
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  sandbox_close(box);
}

static size_t
keep(char *bytes, size_t size, size_t count, void *data)
{
  buf_add(data, bytes, size * count);
  return size * count;
}

static void
prepare(const char *method, const char *path, const char *body)
{
  CLEANUP_BUF struct buf url = BUF_INIT(BUF_LARGE);

  buf_addf(&url, "%s%s", *path == '/' ? box->url : "", path);
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, url.data);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  if (body) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  if (str_eq(method, "HEAD")) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
}

long
ask_with(const char *method, const char *path, const char *token, const char *body, const char *extra)
{
  struct buf got = BUF_INIT(BUF_LARGE), headers = BUF_INIT(BUF_LARGE);
  CLEANUP_BUF struct buf login = BUF_INIT(4096);
  struct curl_slist *list = NULL;

  prepare(method, path, body);
  buf_addf(&login, "Authorization: Bearer %s", token ? token : "");
  if (token) list = curl_slist_append(list, login.data);
  if (extra) list = curl_slist_append(list, extra);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &headers);
  forget();
  if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_slist_free_all(list);
  answer.length = got.len;
  answer.body = buf_take(&got);
  answer.headers = buf_take(&headers);
  answer.json = json_parse(answer.body, answer.length, NULL, NULL);
  return answer.status;
}

long
ask(const char *method, const char *path, const char *token, const char *body)
{
  return ask_with(method, path, token, body, NULL);
}

struct json_object *
get(const char *path)
{
  cr_assert_eq(ask("GET", path, ADMIN, NULL), 200, "GET %s: %ld %s", path, answer.status, answer.body);
  return answer.json;
}

const char *
error_code(void)
{
  return json_get_text(answer.json, "error_code");
}

const char *
header(const char *name)
{
  static char value[512];
  const char *line = answer.headers;
  size_t length = strlen(name);

  while (line && *line) {
    if (str_ieqn(line, name, length) && line[length] == ':') {
      line += length + 1 + strspn(line + length + 1, " ");
      snprintf(value, sizeof value, "%.*s", (int)strcspn(line, "\r\n"), line);
      return value;
    }
    line = strchr(line, '\n');
    if (line) line++;
  }
  return NULL;
}

struct json_object *
submit(const char *statement, const char *more)
{
  CLEANUP_BUF struct buf body = BUF_INIT(BUF_LARGE);

  buf_addf(&body, "{\"warehouse_id\":\"%s\",\"statement\":", WAREHOUSE_DEFAULT);
  buf_add_json(&body, statement);
  buf_addf(&body, "%s}", more);
  ask("POST", "/api/2.0/sql/statements", ADMIN, body.data);
  return answer.json;
}

const char *
joined(struct json_object *object, const char *list, const char *key)
{
  static char text[8192];
  struct json_object *items = json_get_array(object, list);
  size_t used = 0;

  text[0] = '\0';
  for (size_t i = 0; i < json_length(items); i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? "," : "",
                             json_get_text(json_item(items, i), key));
  return text;
}
