/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs auth status`: who one is to the workspace, asked of it at most once an hour
 * (https://docs.databricks.com/api/workspace/currentuser/me). The answer is kept in the cache directory,
 * without anything secret; a changed credential has another fingerprint, so another file. */
#include <clxs/config.h>

#include "app.h"
#include "auth/auth.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "net/net.h"
#include "out/out.h"

#include "base/banned.h"

#define VERIFIED_FOR_MS (INT64_C(60) * 60 * 1000)
#define KEPT_MAXIMUM ((size_t)65536)

/* The file that keeps the last answer for this workspace and principal; NULL where nothing can be kept. */
static const char *
kept_path(struct app *app, const struct workspace *workspace)
{
  struct err ignored = ERR_INIT(app->arena);
  const char *directory = path_user(app->arena, CLXS_DIR_CACHE, &ignored);

  if (!directory || !workspace->auth || path_make(directory, &ignored) != CLXS_OK) return NULL;
  return arena_printf(app->arena, "%s/auth-%s.json", directory, auth_fingerprint(workspace->auth));
}

/* The kept answer, if it is young enough. */
static struct json_object *
read_kept(struct app *app, const char *path)
{
  struct err ignored = ERR_INIT(app->arena);
  struct json_object *object;
  int64_t age;
  char *text;
  size_t length;

  if (!path || path_read(app->arena, path, KEPT_MAXIMUM, &text, &length, &ignored) != CLXS_OK) return NULL;
  object = json_parse(text, length, NULL, NULL);
  age = clock_now_ms() - json_get_int(object, "verified_ms", 0);
  if (json_get_text(object, "user") && age >= 0 && age < VERIFIED_FOR_MS) return object;
  json_cleanup(&object);
  return NULL;
}

static void
keep(const char *path, struct json_object *object, struct app *app)
{
  struct err ignored = ERR_INIT(app->arena);
  const char *text = json_text(object);

  if (path) (void)path_write(path, text, strlen(text), 0600, &ignored);
}

static clxs_status
report_refused(const struct workspace *workspace, struct err *err)
{
  if (workspace->auth) {
    err_set(err, CLXS_E_AUTH, "%s refuses the %s credentials from %s", workspace->name,
            auth_method(workspace->auth), auth_source(workspace->auth));
  }
  err_hint(err, "they may be expired, revoked or of another workspace; make new ones and put them there");
  return CLXS_E_AUTH;
}

static clxs_status
ask(struct app *app, const struct workspace *workspace, struct json_object **answer, struct err *err)
{
  CLEANUP_JSON struct json_object *me = NULL;
  const struct net_request request = {.method = "GET", .path = "/api/2.0/preview/scim/v2/Me"};
  struct net_response response = {0};
  clxs_status status = workspace->api->send(workspace->net, app->arena, &request, &response, err);

  /* A token that the service does not know is answered with 401 or 403. */
  if (status == CLXS_E_AUTH || status == CLXS_E_DENIED) return report_refused(workspace, err);
  if (status != CLXS_OK) return err_set(err, status, "%s does not say who you are", workspace->name);
  me = json_parse(response.body, response.length, NULL, NULL);
  if (!json_get_text(me, "userName")) {
    return err_set(err, CLXS_E_DATA, "the answer of %s to \"who am I\" holds no user name", workspace->name);
  }
  *answer = json_object_new_object();
  json_add_text(*answer, "user", json_get_text(me, "userName"));
  json_add_text(*answer, "display_name", json_get_text(me, "displayName"));
  json_add_text(*answer, "user_id", json_get_text(me, "id"));
  json_add_bool(*answer, "active", json_get_bool(me, "active", true));
  json_add_int(*answer, "verified_ms", clock_now_ms());
  return CLXS_OK;
}

static clxs_status
show(struct app *app, const struct workspace *workspace, struct json_object *answer, struct err *err)
{
  CLEANUP_JSON struct json_object *object = json_object_new_object();
  char when[32];
  const char *text;

  json_add_text(object, "host", workspace->name);
  json_add_text(object, "user", json_get_text(answer, "user"));
  json_add_text(object, "display_name", json_get_text(answer, "display_name"));
  json_add_text(object, "user_id", json_get_text(answer, "user_id"));
  json_add_bool(object, "active", json_get_bool(answer, "active", true));
  json_add_text(object, "method", workspace->auth ? auth_method(workspace->auth) : "pat");
  json_add_text(object, "credentials", workspace->auth ? auth_source(workspace->auth) : "made for this run");
  json_add_text(object, "warehouse_id", workspace->warehouse);
  json_add_text(object, "verified", clock_iso(json_get_int(answer, "verified_ms", 0), when, sizeof when));
  text = json_text(object);
  return out_document(app->out, text, strlen(text), err);
}

clxs_status
cmd_auth_status(struct app *app, const struct args *args, struct err *err)
{
  CLEANUP_JSON struct json_object *answer = NULL;
  struct workspace *workspace;
  const char *path;
  clxs_status status = app_workspace(app, NULL, &workspace, err);

  (void)args;
  if (status != CLXS_OK) return status;
  path = kept_path(app, workspace);
  answer = read_kept(app, path);
  if (!answer) {
    status = ask(app, workspace, &answer, err);
    if (status != CLXS_OK) return status;
    keep(path, answer, app);
  }
  return show(app, workspace, answer, err);
}
