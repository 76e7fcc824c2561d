/* SPDX-License-Identifier: Apache-2.0 */
/* See fake_http.h: libmicrohttpd with a thread for each connection, so that a rule may simply wait. */
#include "fault/fake_http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

#include "base/banned.h"

struct request {
  struct buf headers, body;
};

struct fake {
  struct MHD_Daemon *daemon;
  char url[64];
  pthread_mutex_t lock;
  pthread_cond_t changed;
  VEC(struct fake_rule) rules;
  VEC(struct fake_seen) seen;
  struct arena *arena;
  bool released;
};

static bool
matches(const char *match, const char *method, const char *path)
{
  size_t length = strlen(method), rest;

  if (strncmp(match, method, length) != 0 || match[length] != ' ') return false;
  match += length + 1;
  rest = strlen(match);
  if (rest > 0 && match[rest - 1] == '*') return strncmp(match, path, rest - 1) == 0;
  return str_eq(match, path);
}

static enum MHD_Result
add_header(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  struct request *request = data;

  (void)kind;
  for (; *name; name++)
    buf_add_char(&request->headers, str_lower(*name));
  buf_addf(&request->headers, ": %s\n", value ? value : "");
  return MHD_YES;
}

static enum MHD_Result
add_query(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  struct buf *query = data;

  (void)kind;
  if (query->len > 0) buf_add_char(query, '&');
  buf_addf(query, "%s=%s", name, value ? value : "");
  return MHD_YES;
}

/* Under the lock: keep the request and find its rule. */
static struct fake_rule
record(struct fake *fake, struct MHD_Connection *connection, const char *method, const char *path,
       struct request *request)
{
  CLEANUP_BUF struct buf query = BUF_INIT(BUF_LARGE);
  struct fake_seen *seen = VEC_ADD(&fake->seen);

  MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, request);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_query, &query);
  seen->method = arena_strdup(fake->arena, method);
  seen->path = arena_strdup(fake->arena, path);
  seen->query = arena_strdup(fake->arena, query.data);
  seen->headers = arena_strdup(fake->arena, request->headers.data);
  seen->body = arena_strdup(fake->arena, request->body.data);
  pthread_cond_broadcast(&fake->changed);
  VEC_EACH (&fake->rules, rule) {
    if (rule->times < 0 || !matches(rule->match, method, path)) continue;
    if (rule->times > 0 && --rule->times == 0) rule->times = -1;
    return *rule;
  }
  return (struct fake_rule){.status = 501, .body = "no rule for this request"};
}

struct cut {
  char *body;
  size_t length;
};

static ssize_t
read_half(void *data, uint64_t position, char *out, size_t size)
{
  struct cut *cut = data;
  size_t left = position < cut->length / 2 ? cut->length / 2 - (size_t)position : 0;

  if (left == 0) return MHD_CONTENT_READER_END_WITH_ERROR;
  if (left > size) left = size;
  memcpy(out, cut->body + position, left);
  return (ssize_t)left;
}

static void
free_cut(void *data)
{
  struct cut *cut = data;

  free(cut->body);
  free(cut);
}

/* BODY with "{URL}" filled in; to be freed. */
static char *
fill_in(const struct fake *fake, const char *body)
{
  struct buf out = BUF_INIT(BUF_LARGE);

  for (const char *at = body ? body : ""; *at;) {
    if (str_starts(at, "{URL}")) {
      buf_add_text(&out, fake->url);
      at += 5;
    } else {
      buf_add_char(&out, *at++);
    }
  }
  return buf_take(&out);
}

static struct MHD_Response *
make_response(const struct fake *fake, const struct fake_rule *rule)
{
  char *body = fill_in(fake, rule->body);
  size_t length = strlen(body);
  struct MHD_Response *response;

  if (rule->fault == FAKE_CUT) {
    struct cut *cut = xcalloc(1, sizeof *cut);

    *cut = (struct cut){.body = body, .length = length};
    response = MHD_create_response_from_callback(length, 4096, read_half, cut, free_cut);
  } else {
    response = MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE);
  }
  for (const char *line = rule->headers; line && *line;) {
    size_t end = strcspn(line, "\n"), colon = strcspn(line, ":");
    char *name = xstrndup(line, colon), *value = xstrndup(line + colon + 2, end - colon - 2);

    MHD_add_response_header(response, name, value);
    free(name);
    free(value);
    line += end;
    if (*line) line++;
  }
  return response;
}

static enum MHD_Result
on_request(void *data, struct MHD_Connection *connection, const char *path, const char *method,
           const char *version, const char *upload, size_t *upload_size, void **state)
{
  struct fake *fake = data;
  struct request *request = *state;
  struct MHD_Response *response;
  struct fake_rule rule;
  enum MHD_Result result;

  (void)version;
  if (!request) {
    *state = request = xcalloc(1, sizeof *request);
    request->headers = BUF_INIT(BUF_LARGE);
    request->body = BUF_INIT(BUF_LARGE);
    return MHD_YES;
  }
  if (*upload_size > 0) {
    buf_add(&request->body, upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  pthread_mutex_lock(&fake->lock);
  rule = record(fake, connection, method, path, request);
  while (rule.fault == FAKE_HANG && !fake->released)
    pthread_cond_wait(&fake->changed, &fake->lock);
  pthread_mutex_unlock(&fake->lock);
  if (rule.fault == FAKE_RESET) return MHD_NO;
  response = make_response(fake, &rule);
  result = MHD_queue_response(connection, rule.status ? (unsigned)rule.status : 200, response);
  MHD_destroy_response(response);
  return result;
}

static void
on_completed(void *data, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode code)
{
  struct request *request = *state;

  (void)data;
  (void)connection;
  (void)code;
  if (!request) return;
  buf_free(&request->headers);
  buf_free(&request->body);
  free(request);
  *state = NULL;
}

/* Paths stay as they were sent: tests look at the encoding. */
static size_t
keep_escapes(void *data, struct MHD_Connection *connection, char *text)
{
  (void)data;
  (void)connection;
  return strlen(text);
}

struct fake *
fake_start(void)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct fake *fake = xcalloc(1, sizeof *fake);

  pthread_mutex_init(&fake->lock, NULL);
  pthread_cond_init(&fake->changed, NULL);
  fake->arena = arena_new();
  fake->daemon =
      MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL,
                       on_request, fake, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED,
                       on_completed, NULL, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_END);
  if (!fake->daemon) {
    fprintf(stderr, "the fake server does not start\n");
    abort();
  }
  snprintf(fake->url, sizeof fake->url, "http://127.0.0.1:%u",
           (unsigned)MHD_get_daemon_info(fake->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  return fake;
}

void
fake_stop(struct fake *fake)
{
  if (!fake) return;
  fake_release(fake);
  MHD_stop_daemon(fake->daemon);
  VEC_FREE(&fake->rules);
  VEC_FREE(&fake->seen);
  arena_free(fake->arena);
  pthread_cond_destroy(&fake->changed);
  pthread_mutex_destroy(&fake->lock);
  free(fake);
}

const char *
fake_url(const struct fake *fake)
{
  return fake->url;
}

void
fake_add(struct fake *fake, const struct fake_rule *rule)
{
  pthread_mutex_lock(&fake->lock);
  *VEC_ADD(&fake->rules) = *rule;
  pthread_mutex_unlock(&fake->lock);
}

static size_t
count_locked(struct fake *fake, const char *match)
{
  size_t count = 0;

  VEC_EACH (&fake->seen, seen)
    count += matches(match, seen->method, seen->path);
  return count;
}

size_t
fake_count(struct fake *fake, const char *match)
{
  size_t count;

  pthread_mutex_lock(&fake->lock);
  count = count_locked(fake, match);
  pthread_mutex_unlock(&fake->lock);
  return count;
}

const struct fake_seen *
fake_seen(struct fake *fake, const char *match, size_t index)
{
  struct fake_seen *found = NULL;

  pthread_mutex_lock(&fake->lock);
  VEC_EACH (&fake->seen, seen)
    if (matches(match, seen->method, seen->path) && index-- == 0) {
      found = arena_alloc(fake->arena, sizeof *found);
      *found = *seen;
      break;
    }
  pthread_mutex_unlock(&fake->lock);
  if (!found) {
    fprintf(stderr, "no such request: %s\n", match);
    abort();
  }
  return found;
}

char *
fake_header(const struct fake_seen *seen, const char *name)
{
  size_t length = strlen(name);

  for (const char *line = seen->headers; *line; line += strcspn(line, "\n") + 1)
    if (strncmp(line, name, length) == 0 && line[length] == ':')
      return xstrndup(line + length + 2, strcspn(line, "\n") - length - 2);
  return NULL;
}

void
fake_await(struct fake *fake, const char *match, size_t count)
{
  pthread_mutex_lock(&fake->lock);
  while (count_locked(fake, match) < count)
    pthread_cond_wait(&fake->changed, &fake->lock);
  pthread_mutex_unlock(&fake->lock);
}

void
fake_release(struct fake *fake)
{
  pthread_mutex_lock(&fake->lock);
  fake->released = true;
  pthread_cond_broadcast(&fake->changed);
  pthread_mutex_unlock(&fake->lock);
}
