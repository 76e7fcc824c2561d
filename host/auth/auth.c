/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the room: who we are, and the header that says so. Tokens are renewed here, by one caller at a
 * time: one that is stale (in the last part of its life) is still handed out while one caller fetches the
 * next, one that has expired makes everybody wait for it. */
#include "auth/auth.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "auth/method.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/threads.h"
#include "conf/conf.h"

#include "base/banned.h"

#define STALE_MOST_MS \
  (INT64_C(20) * 60 * 1000)                   /* a token is stale for its last 20 minutes, or half its life */
#define EXPIRED_EARLY_MS (INT64_C(40) * 1000) /* clocks differ, and requests take a while to arrive */
#define RETRY_PAUSE_MS (INT64_C(60) * 1000)   /* after a renewal of a stale token failed */

struct auth {
  struct arena *arena;
  struct settings settings;
  const struct auth_method *method;
  const char *fingerprint;

  pthread_mutex_t mutex; /* everything below */
  pthread_cond_t renewed;
  bool renewing;
  struct credential credential; /* value NULL: none yet */
  int64_t obtained, next_try;   /* milliseconds of clock_mono */
  uint64_t generation;          /* of the credential; 0: none yet */
  uint64_t failures;            /* counts attempts that failed */
  struct arena *failure_arena;
  struct err failure; /* the last one, for those who waited for it */
};

static clxs_status
report_no_host(const struct settings *settings, struct err *err)
{
  err_set(err, CLXS_E_CONFIG, "no workspace is configured");
  if (settings->missing_file) {
    err_hint(err, "the profile file %s does not exist; give --host https://...", settings->missing_file);
  } else {
    err_hint(err, "give --host https://..., set DATABRICKS_HOST, or write \"host:\" into clxs.yaml; --host "
                  "sandbox:demo is a workspace to try things on");
  }
  return CLXS_E_CONFIG;
}

/* Text with a line break in it would add headers of its own. */
static bool
is_header_text(const char *text)
{
  for (; text && *text; text++)
    if ((unsigned char)*text <= 0x20 || *text == 0x7f) return false;
  return true;
}

static clxs_status
check_header_text(const struct settings *settings, enum setting which, struct err *err)
{
  if (is_header_text(settings->value[which])) return CLXS_OK;
  err_set(err, CLXS_E_CONFIG, "the credential from %s holds a space or a control character",
          settings->source[which]);
  err_hint(err, "it was probably copied with a line break or a space around it");
  return CLXS_E_CONFIG;
}

static const char *
make_fingerprint(struct arena *arena, const struct settings *settings, const char *method)
{
  static const enum setting parts[] = {SET_HOST,     SET_WORKSPACE_ID, SET_TOKEN,        SET_USERNAME,
                                       SET_PASSWORD, SET_CLIENT_ID,    SET_CLIENT_SECRET};
  uint64_t hash = str_hash(method, strlen(method) + 1);

  for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
    const char *value = settings->value[parts[i]] ? settings->value[parts[i]] : "";

    hash = str_hash_more(hash, value, strlen(value) + 1);
  }
  return arena_printf(arena, "%016llx", (unsigned long long)hash);
}

static clxs_status
resolve(struct arena *arena, const struct conf *conf, const char *prefix, struct auth **auth, struct err *err)
{
  struct auth *made = arena_alloc(arena, sizeof *made);
  clxs_status status = settings_read(arena, conf, prefix, &made->settings, err);

  if (status != CLXS_OK) return status;
  if (!made->settings.value[SET_HOST]) return report_no_host(&made->settings, err);
  status = chain_choose(arena, &made->settings, &made->method, err);
  if (status == CLXS_E_AUTH && prefix)
    err_hint(err, "name a profile of .databrickscfg with --dest-profile, or set CLXS_DEST_WORKSPACE_TOKEN");
  if (status == CLXS_OK) status = check_header_text(&made->settings, SET_TOKEN, err);
  if (status == CLXS_OK) status = check_header_text(&made->settings, SET_WORKSPACE_ID, err);
  if (status != CLXS_OK) return status;
  made->arena = arena;
  made->fingerprint = make_fingerprint(arena, &made->settings, made->method->name);
  pthread_mutex_init(&made->mutex, NULL);
  cond_init(&made->renewed);
  *auth = made;
  return CLXS_OK;
}

clxs_status
auth_resolve(struct arena *arena, const struct conf *conf, struct auth **auth, struct err *err)
{
  return resolve(arena, conf, NULL, auth, err);
}

clxs_status
auth_resolve_second(struct arena *arena, const struct conf *conf, const char *prefix, struct auth **auth,
                    struct err *err)
{
  return resolve(arena, conf, prefix, auth, err);
}

const char *
auth_host(const struct auth *auth)
{
  return auth->settings.value[SET_HOST];
}

const char *
auth_method(const struct auth *auth)
{
  return auth->method->name;
}

const char *
auth_source(const struct auth *auth)
{
  return auth->settings.source[auth->method->shown];
}

const char *
auth_warehouse(const struct auth *auth)
{
  return auth->settings.value[SET_WAREHOUSE_ID];
}

const char *
auth_fingerprint(const struct auth *auth)
{
  return auth->fingerprint;
}

static void
credential_free(struct credential *credential)
{
  secret_free(credential->value);
  free(credential->workspace_id);
  *credential = (struct credential){0};
}

/* How a credential stands. */
enum freshness { FRESH, STALE, EXPIRED };

static enum freshness
freshness_of(const struct auth *auth)
{
  const struct credential *credential = &auth->credential;
  int64_t left, stale;

  if (!credential->value) return EXPIRED;
  if (credential->lifetime_ms == 0) return FRESH;
  left = auth->obtained + credential->lifetime_ms - clock_mono_ms();
  stale = credential->lifetime_ms / 2 < STALE_MOST_MS ? credential->lifetime_ms / 2 : STALE_MOST_MS;
  if (left <= EXPIRED_EARLY_MS && left <= stale) return EXPIRED;
  return left <= stale ? STALE : FRESH;
}

static void
keep_failure(struct auth *auth, const struct err *err)
{
  arena_free(auth->failure_arena);
  auth->failure_arena = arena_new();
  auth->failure = ERR_INIT(auth->failure_arena);
  err_copy(&auth->failure, err);
  auth->failures++;
}

/* Obtain the next credential, with the lock given up meanwhile. */
static clxs_status
renew(struct auth *auth, const struct fetch *fetch, struct err *err)
{
  struct credential credential = {0};
  clxs_status status;

  auth->renewing = true;
  pthread_mutex_unlock(&auth->mutex);
  status = auth->method->obtain(&auth->settings, fetch, &credential, err);
  if (status == CLXS_OK && !(is_header_text(credential.value) && is_header_text(credential.workspace_id)))
    status = err_set(err, CLXS_E_DATA, "%s gave a token that cannot be sent in a header", auth_host(auth));
  pthread_mutex_lock(&auth->mutex);
  auth->renewing = false;
  if (status == CLXS_OK) {
    credential_free(&auth->credential);
    auth->credential = credential;
    auth->obtained = clock_mono_ms();
    auth->next_try = 0;
    auth->generation++;
  } else {
    credential_free(&credential);
    auth->next_try = clock_mono_ms() + RETRY_PAUSE_MS;
    keep_failure(auth, err);
  }
  pthread_cond_broadcast(&auth->renewed);
  return status;
}

/* Wait for the caller who is renewing; its failure is ours. */
static clxs_status
wait_for_renewal(struct auth *auth, struct err *err)
{
  uint64_t failures = auth->failures;

  while (auth->renewing)
    pthread_cond_wait(&auth->renewed, &auth->mutex);
  if (auth->failures == failures) return CLXS_OK;
  err_copy(err, &auth->failure);
  return err->status;
}

static clxs_status
report_refused(const struct auth *auth, struct err *err)
{
  err_set(err, CLXS_E_AUTH, "%s refused the %s credentials from %s", auth_host(auth), auth->method->name,
          auth_source(auth));
  err_hint(err, "they may be expired, revoked, or of another workspace; make new ones and put them there");
  return CLXS_E_AUTH;
}

/* A credential that may be used, whatever that takes. */
static clxs_status
ensure(struct auth *auth, const struct fetch *fetch, uint64_t rejected, struct err *err)
{
  for (;;) {
    bool refused = rejected != 0 && rejected == auth->generation;
    enum freshness freshness = refused ? EXPIRED : freshness_of(auth);
    struct err ignored = ERR_INIT(err->arena);
    clxs_status status;

    if (refused && !auth->method->renewable) return report_refused(auth, err);
    if (freshness == FRESH) return CLXS_OK;
    if (freshness == STALE) {
      if (!auth->renewing && clock_mono_ms() >= auth->next_try) (void)renew(auth, fetch, &ignored);
      return CLXS_OK;
    }
    if (!auth->renewing) return renew(auth, fetch, err);
    status = wait_for_renewal(auth, err);
    if (status != CLXS_OK) return status;
  }
}

clxs_status
auth_headers(struct auth *auth, const struct fetch *fetch, uint64_t rejected, struct buf *headers,
             uint64_t *generation, struct err *err)
{
  const char *workspace = auth->settings.value[SET_WORKSPACE_ID];
  clxs_status status;

  LOCK_SCOPE(&auth->mutex);
  status = ensure(auth, fetch, rejected, err);
  if (status != CLXS_OK) return status;
  if (!workspace) workspace = auth->credential.workspace_id;
  buf_add_text(headers, "Authorization: ");
  buf_add_text(headers, auth->credential.scheme);
  buf_add_char(headers, ' ');
  buf_add_text(headers, auth->credential.value);
  buf_add_text(headers, "\r\n");
  if (workspace) buf_addf(headers, "X-Databricks-Workspace-Id: %s\r\n", workspace);
  *generation = auth->generation;
  return CLXS_OK;
}

void
auth_close(struct auth *auth)
{
  if (!auth) return;
  credential_free(&auth->credential);
  arena_free(auth->failure_arena);
  pthread_cond_destroy(&auth->renewed);
  pthread_mutex_destroy(&auth->mutex);
}
