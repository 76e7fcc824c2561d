/* SPDX-License-Identifier: Apache-2.0 */
/* See transfer.h. Request bodies go through a read callback, not CURLOPT_POSTFIELDS: curl sends a request
 * again by itself when a kept connection dies under it, which would run a statement twice. A body that
 * refuses to be rewound stops that (https://curl.se/libcurl/c/CURLOPT_SEEKFUNCTION.html). */
#include "net/transfer.h"

#include <strings.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "net/channel.h"

#include "base/banned.h"

/* What curl reads at once for a channel; must fit into one with room to spare. */
#define STREAM_BUFFER 65536L

void
transfer_options_copy(struct transfer_options *to, const struct http_options *from)
{
  to->user_agent = xstrdup(from->user_agent);
  to->ca_file = xstrdup(from->ca_file);
  to->connect_timeout_ms = from->connect_timeout_ms;
  to->idle_timeout_ms = from->idle_timeout_ms;
}

void
transfer_options_free(struct transfer_options *options)
{
  free(options->user_agent);
  free(options->ca_file);
}

void
transfer_pool_free(struct transfer_pool *pool)
{
  VEC_EACH (&pool->handles, handle)
    curl_easy_cleanup(*handle);
  VEC_FREE(&pool->handles);
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *data)
{
  struct transfer *transfer = data;
  size_t length = size * count;
  const struct http_inlet *in = transfer->request->in;

  transfer->moved = clock_mono_ms();
  if (in && transfer->answered && in->status < 300) {
    if (channel_put(in->channel, bytes, length)) return length;
    transfer->paused = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  buf_add(&transfer->response->body, bytes, length);
  return transfer->response->body.overflow ? 0 : length;
}

static size_t
on_read(char *out, size_t size, size_t count, void *data)
{
  struct transfer *transfer = data;
  size_t room = size * count, left = transfer->request->body_length - transfer->body_sent;
  size_t length = left < room ? left : room;

  if (length > 0) memcpy(out, transfer->request->body + transfer->body_sent, length);
  transfer->body_sent += length;
  return length;
}

/* The same from a channel. */
static size_t
on_read_channel(char *out, size_t size, size_t count, void *data)
{
  struct transfer *transfer = data;
  size_t left = transfer->request->body_length - transfer->body_sent, length;

  transfer->moved = clock_mono_ms();
  if (left == 0) return 0;
  length = channel_get(transfer->request->out, out, size * count < left ? size * count : left);
  transfer->body_sent += length;
  transfer->paused = length == 0;
  return length ? length : CURL_READFUNC_PAUSE;
}

static int
on_seek(void *data, curl_off_t offset, int origin)
{
  struct transfer *transfer = data;

  if ((!transfer->request->repeatable || transfer->request->out) && transfer->body_sent > 0)
    return CURL_SEEKFUNC_FAIL;
  if (origin != SEEK_SET || offset < 0 || (size_t)offset > transfer->request->body_length)
    return CURL_SEEKFUNC_FAIL;
  transfer->body_sent = (size_t)offset;
  return CURL_SEEKFUNC_OK;
}

/* NAME's value, trimmed, into OUT; values that do not fit are cut. */
static void
keep_header(const char *line, size_t length, const char *name, char *out, size_t size)
{
  size_t name_length = strlen(name);

  if (length <= name_length || line[name_length] != ':' || !str_ieqn(line, name, name_length)) return;
  line += name_length + 1;
  length -= name_length + 1;
  while (length > 0 && (*line == ' ' || *line == '\t')) {
    line++;
    length--;
  }
  while (length > 0 && strchr(" \t\r\n", line[length - 1]))
    length--;
  snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), line);
}

/* The head that goes with a channel, line by line; the empty line ends it and lets the other side begin. */
static void
keep_head(struct transfer *transfer, const char *line, size_t length)
{
  struct http_inlet *in = transfer->request->in;
  char digits[24] = "";
  long status = 0;

  if (length > 5 && memcmp(line, "HTTP/", 5) == 0) {
    in->length = -1;
    in->last_modified[0] = in->content_range[0] = in->request_id[0] = '\0';
  }
  keep_header(line, length, "last-modified", in->last_modified, sizeof in->last_modified);
  keep_header(line, length, "content-range", in->content_range, sizeof in->content_range);
  keep_header(line, length, "x-request-id", in->request_id, sizeof in->request_id);
  keep_header(line, length, "content-length", digits, sizeof digits);
  if (digits[0] && !str_to_int64(digits, &in->length)) in->length = -1;
  if (length > 2) return;
  curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return;
  in->status = (int32_t)status;
  transfer->answered = true;
  if (status < 300) channel_open(in->channel);
}

static size_t
on_header(char *line, size_t size, size_t count, void *data)
{
  struct transfer *transfer = data;
  struct http_response *response = transfer->response;
  size_t length = size * count;

  transfer->moved = clock_mono_ms();
  if (transfer->request->in && !transfer->answered) keep_head(transfer, line, length);
  if (length > 5 && memcmp(line, "HTTP/", 5) == 0) { /* a new answer behind an interim one */
    response->retry_after[0] = response->content_type[0] = response->request_id[0] = '\0';
    response->location[0] = '\0';
  }
  keep_header(line, length, "retry-after", response->retry_after, sizeof response->retry_after);
  keep_header(line, length, "content-type", response->content_type, sizeof response->content_type);
  keep_header(line, length, "location", response->location, sizeof response->location);
  keep_header(line, length, "x-request-id", response->request_id, sizeof response->request_id);
  if (!response->request_id[0])
    keep_header(line, length, "x-databricks-request-id", response->request_id, sizeof response->request_id);
  return length;
}

/* Header LINES as curl wants them. False when curl has no memory for them. */
static bool
add_headers(struct transfer *transfer, const char *lines)
{
  while (lines && *lines) {
    size_t length = strcspn(lines, "\r\n");
    char *line = xstrndup(lines, length);
    struct curl_slist *longer = length > 0 ? curl_slist_append(transfer->headers, line) : transfer->headers;

    free(line);
    if (length > 0 && !longer) return false;
    transfer->headers = longer;
    lines += length;
    lines += strspn(lines, "\r\n");
  }
  return true;
}

static void
set_method(struct transfer *transfer, CURL *easy)
{
  const struct http_request *request = transfer->request;

  if (str_eq(request->method, "HEAD")) curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (request->body || request->out) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, request->out ? on_read_channel : on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
  } else if (!str_eq(request->method, "GET") && !str_eq(request->method, "HEAD")) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, 0L);
    /* Without a body there is nothing to refuse to rewind. */
    if (!request->repeatable) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  }
  if (!str_eq(request->method, "HEAD")) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void
set_connection(CURL *easy, const struct transfer_options *options, const struct http_request *request)
{
  long idle_s = (long)((options->idle_timeout_ms + 999) / 1000);

  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  /* Rather wait for the first connection than open one for each worker: HTTP/2 carries them all. What it
   * speaks is known once TLS is up; over plain http only from the first answer, which may take long. */
  if (str_starts(request->url, "https:")) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
  if (request->timeout_ms > 0) curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
  if (idle_s > 0 && !request->in && !request->out) {
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, idle_s);
  }
  if (options->ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
  if (options->user_agent && !request->plain) curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
  if (!request->plain && !request->in) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  /* Plain http is loopback only (http_check_url), and a proxy cannot reach our loopback. */
  if (str_starts(request->url, "http:")) curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

/* A connection of its own for each that moves content: on a shared one of HTTP/2, one that is held up would
 * hold up the others, and two that wait for each other would never end. */
static void
set_channels(CURL *easy)
{
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 0L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, STREAM_BUFFER);
  /* The head of a proxy's answer to CONNECT is none of ours. */
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

bool
transfer_is_idle(struct transfer *transfer, const struct transfer_options *options)
{
  const struct http_request *request = transfer->request;

  if ((request->in && channel_is_stalled(request->in->channel)) ||
      (request->out && transfer->paused && channel_is_stalled(request->out)))
    transfer->moved = clock_mono_ms();
  return clock_mono_ms() - transfer->moved > options->idle_timeout_ms;
}

void
transfer_go_on(struct transfer *transfer)
{
  const struct http_request *request = transfer->request;

  if (!transfer->paused) return;
  if (!(request->in && channel_may_go_on(request->in->channel)) &&
      !(request->out && channel_may_go_on(request->out)))
    return;
  transfer->paused = false;
  curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
}

bool
transfer_begin(struct transfer_pool *pool, const struct transfer_options *options, struct transfer *transfer,
               const struct http_request *request, struct http_response *response)
{
  CURL *easy = pool->handles.count > 0 ? pool->handles.at[--pool->handles.count] : curl_easy_init();

  transfer->easy = easy;
  transfer->request = request;
  transfer->response = response;
  transfer->body_sent = 0;
  transfer->moved = clock_mono_ms();
  transfer->answered = transfer->paused = false;
  transfer->curl_error[0] = '\0';
  if (!easy) return false;
  set_connection(easy, options, request);
  if (request->in || request->out) set_channels(easy);
  set_method(transfer, easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_error);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
  /* "Expect: 100-continue" would cost a round trip for every large statement. */
  if (!add_headers(transfer, "Expect:\r\n") || !add_headers(transfer, request->headers)) return false;
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
  return curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK;
}

/* Failures that end before the first byte of the request. */
static bool
before_request(CURLcode code)
{
  switch (code) {
  case CURLE_FAILED_INIT:
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_CONNECT:
  case CURLE_PROXY:
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ENGINE_NOTFOUND:
  case CURLE_SSL_ISSUER_ERROR: return true;
  default: return false;
  }
}

static bool
will_not_change(CURLcode code)
{
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_ISSUER_ERROR || code == CURLE_URL_MALFORMAT ||
         code == CURLE_UNSUPPORTED_PROTOCOL;
}

static enum http_result
result_of(struct http_response *response, CURLcode code, bool aborted)
{
  if (aborted) return HTTP_ABORTED;
  if (response->body.overflow) return HTTP_TOO_LARGE;
  if (code == CURLE_OK) return response->status > 0 ? HTTP_ANSWERED : HTTP_LOST;
  if (code == CURLE_OPERATION_TIMEDOUT) return HTTP_TIMEOUT;
  if (will_not_change(code)) return HTTP_IMPOSSIBLE;
  return response->sent ? HTTP_LOST : HTTP_UNREACHED;
}

/* What went wrong, in words: the system's where it has them, since curl's repeat the address. */
static void
describe(struct transfer *transfer, bool aborted, CURLcode code)
{
  struct http_response *response = transfer->response;
  const char *words = transfer->curl_error[0] ? transfer->curl_error : curl_easy_strerror(code);
  char text[128];
  long number = 0;

  if (code == CURLE_COULDNT_CONNECT) curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
  if (number != 0) words = strerror_r((int)number, text, sizeof text);
  if (code == CURLE_OK) words = "the connection ended without an answer";
  if (response->result == HTTP_TOO_LARGE) words = "the answer is larger than allowed";
  if (aborted) words = "cancelled";
  snprintf(response->why, sizeof response->why, "%s", words);
}

void
transfer_end(struct transfer_pool *pool, struct transfer *transfer, bool aborted, CURLcode code)
{
  struct http_response *response = transfer->response;
  long status = 0, request_bytes = 0;

  if (transfer->easy) {
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
  }
  response->status = (int32_t)status;
  response->sent = !before_request(code) && (request_bytes > 0 || transfer->body_sent > 0 || status > 0);
  response->result = result_of(response, code, aborted);
  if (response->result != HTTP_ANSWERED) describe(transfer, aborted, code);
  curl_slist_free_all(transfer->headers);
  transfer->headers = NULL;
  if (!transfer->easy) return;
  /* curl does not forget a failed rewind when it is reset. */
  if (code == CURLE_SEND_FAIL_REWIND) {
    curl_easy_cleanup(transfer->easy);
  } else {
    curl_easy_reset(transfer->easy);
    *VEC_ADD(&pool->handles) = transfer->easy;
  }
  transfer->easy = NULL;
}
