/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing which request goes wrong, and how. It must not know what the requests mean. */
#include "http/faults.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "http/request.h"

#include "base/banned.h"

#define RETRY_AFTER_S 1
#define SLOW_MS 2000

struct rate {
  const char *kind; /* one of KINDS */
  double probability;
  int64_t number; /* -1: the kind's default */
};

struct script {
  char *method, *pattern; /* pattern may end in *; method may be * */
  char *body;
  struct trouble trouble;
  int64_t offset, times, hits;
};

struct faults {
  pthread_mutex_t lock;
  uint64_t state;
  VEC(struct rate) rates;
  VEC(struct script) scripts;
};

static const char *const kinds[] = {"429", "503", "reset", "reset-after", "slow", "expired-token"};

static bool
parse_rate(const char *text, struct rate *rate)
{
  const char *colon = strchr(text, ':'), *second = colon ? strchr(colon + 1, ':') : NULL;
  char number[32];
  size_t length;

  if (!colon) return false;
  length = second ? (size_t)(second - colon - 1) : strlen(colon + 1);
  if (length >= sizeof number) return false;
  memcpy(number, colon + 1, length);
  number[length] = '\0';
  for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
    if (strlen(kinds[i]) == (size_t)(colon - text) && memcmp(text, kinds[i], strlen(kinds[i])) == 0)
      rate->kind = kinds[i];
  rate->number = -1;
  if (second && (!str_to_int64(second + 1, &rate->number) || rate->number < 0)) return false;
  return rate->kind && str_to_double(number, &rate->probability) && rate->probability >= 0 &&
         rate->probability <= 1;
}

struct faults *
faults_new(const char *const *texts, size_t count, uint64_t seed, char **why)
{
  struct faults *faults = xcalloc(1, sizeof *faults);

  pthread_mutex_init(&faults->lock, NULL);
  faults->state = seed;
  for (size_t i = 0; i < count; i++)
    if (!parse_rate(texts[i], VEC_ADD(&faults->rates))) {
      struct buf message = BUF_INIT(4096);

      buf_addf(&message,
               "fault \"%s\" is not KIND:RATE[:N] with KIND 429, 503, reset, reset-after, slow or "
               "expired-token and RATE "
               "from 0 to 1",
               texts[i]);
      *why = buf_take(&message);
      faults_free(faults);
      return NULL;
    }
  return faults;
}

void
faults_clear(struct faults *faults)
{
  pthread_mutex_lock(&faults->lock);
  VEC_EACH (&faults->scripts, it) {
    free(it->method);
    free(it->pattern);
    free(it->body);
  }
  VEC_FREE(&faults->scripts);
  pthread_mutex_unlock(&faults->lock);
}

void
faults_free(struct faults *faults)
{
  if (!faults) return;
  faults_clear(faults);
  VEC_FREE(&faults->rates);
  pthread_mutex_destroy(&faults->lock);
  free(faults);
}

/* splitmix64: the next number of the sequence that the seed fixes, from 0 below 1. */
static double
next_random(struct faults *faults)
{
  uint64_t z = faults->state += UINT64_C(0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

static struct trouble
trouble_of(const struct rate *rate)
{
  struct trouble trouble = {.retry_after_s = -1};

  if (strcmp(rate->kind, "slow") == 0) {
    trouble.delay_ms = rate->number >= 0 ? rate->number : SLOW_MS;
  } else if (strcmp(rate->kind, "expired-token") == 0) {
    trouble.expire = true;
  } else if (str_starts(rate->kind, "reset")) {
    trouble.reset = true;
    trouble.after = strcmp(rate->kind, "reset-after") == 0;
  } else {
    trouble.status = strcmp(rate->kind, "429") == 0 ? 429 : 503;
    trouble.retry_after_s = rate->number >= 0 ? rate->number : RETRY_AFTER_S;
  }
  return trouble;
}

static bool
script_matches(const struct script *script, const struct request *request)
{
  size_t length = strlen(script->pattern);

  if (strcmp(script->method, "*") != 0 && strcmp(script->method, request->method) != 0) return false;
  if (length > 0 && script->pattern[length - 1] == '*')
    return strncmp(request->path, script->pattern, length - 1) == 0;
  return strcmp(request->path, script->pattern) == 0;
}

struct trouble
faults_pick(struct faults *faults, struct request *request)
{
  struct trouble trouble = {0};
  bool decided = false;

  pthread_mutex_lock(&faults->lock);
  VEC_EACH (&faults->scripts, it) {
    if (decided || !script_matches(it, request)) continue;
    it->hits++;
    if (it->hits <= it->offset || (it->times > 0 && it->hits > it->offset + it->times)) continue;
    trouble = it->trouble;
    trouble.body = arena_strdup(request->arena, it->body);
    decided = true;
  }
  /* Every rate draws at every request, so that one kind's sequence does not depend on another's hits. */
  VEC_EACH (&faults->rates, it)
    if (next_random(faults) < it->probability && !decided) {
      trouble = trouble_of(it);
      decided = true;
    }
  pthread_mutex_unlock(&faults->lock);
  return trouble;
}

void
faults_answer(struct request *request, const struct trouble *trouble)
{
  reply_reset(&request->reply);
  if (trouble->reset) {
    request->reply.drop = true;
    request->reply.status = 500;
    return;
  }
  if (trouble->body)
    reply_json_text(request, trouble->status, xstrdup(trouble->body), strlen(trouble->body));
  else if (trouble->status == 429)
    reply_error(request, 429, "REQUEST_LIMIT_EXCEEDED",
                "Too many requests; the request was not carried out.");
  else if (trouble->status == 503)
    reply_error(request, 503, "TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable.");
  else
    reply_error(request, trouble->status, "INTERNAL_ERROR", "A fault was asked for.");
  if (trouble->retry_after_s >= 0)
    reply_header(request, "Retry-After",
                 arena_printf(request->arena, "%lld", (long long)trouble->retry_after_s));
}

bool
faults_script(struct faults *faults, struct request *request, struct json_object *object)
{
  const char *pattern = body_required(request, object, "pattern"), *body = NULL;
  const char *space = pattern ? strchr(pattern, ' ') : NULL;
  struct script script = {.times = 1, .trouble.retry_after_s = -1};
  int64_t status = 0;

  if (!pattern || !body_int(request, object, "status_code", &status) ||
      !body_text(request, object, "body", &body) ||
      !body_int(request, object, "retry_after", &script.trouble.retry_after_s) ||
      !body_bool(request, object, "reset", &script.trouble.reset) ||
      !body_int(request, object, "delay_ms", &script.trouble.delay_ms) ||
      !body_bool(request, object, "after_handler", &script.trouble.after) ||
      !body_bool(request, object, "expire_token", &script.trouble.expire) ||
      !body_int(request, object, "offset", &script.offset) ||
      !body_int(request, object, "times", &script.times))
    return false;
  if (!space || space[1] != '/')
    return reply_invalid(request, "pattern must be 'METHOD /path' or 'METHOD /path*'.");
  if (status && (status < 400 || status > 599))
    return reply_invalid(request, "status_code must be from 400 to 599, or absent.");
  script.trouble.status = (int)status;
  script.method = xstrndup(pattern, (size_t)(space - pattern));
  script.pattern = xstrdup(space + 1);
  script.body = body ? xstrdup(body) : NULL;
  pthread_mutex_lock(&faults->lock);
  *VEC_ADD(&faults->scripts) = script;
  pthread_mutex_unlock(&faults->lock);
  return true;
}

struct json_object *
faults_list(struct faults *faults)
{
  struct json_object *list = json_object_new_array();

  pthread_mutex_lock(&faults->lock);
  VEC_EACH (&faults->scripts, it) {
    CLEANUP_BUF struct buf pattern = BUF_INIT(BUF_LARGE);
    struct json_object *item = json_object_new_object();

    buf_addf(&pattern, "%s %s", it->method, it->pattern);
    json_add_text(item, "pattern", pattern.data);
    json_add_int(item, "offset", it->offset);
    json_add_int(item, "times", it->times);
    json_add_int(item, "hits", it->hits);
    json_object_array_add(list, item);
  }
  pthread_mutex_unlock(&faults->lock);
  return list;
}
