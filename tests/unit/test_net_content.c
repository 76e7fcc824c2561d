/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads and uploads in pieces against a server that misbehaves: nothing lost, nothing twice, no mixture
 * of two contents. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "fault/net_fixture.h"

#include "base/banned.h"

#define BIG ((size_t)3 << 20)
#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"
#define MODIFIED .headers = "Last-Modified: " DATE "\n"

TestSuite(net_content, .init = fixture_open_default, .fini = fixture_close);

/* Text in which every place can be told from every other nearby. */
static char *
big_text(void)
{
  char *text = xmalloc(BIG + 1);

  for (size_t i = 0; i < BIG; i += 8)
    snprintf(text + i, 9, "%07zu\n", i / 8);
  return text;
}

static clxs_status
open_download(const char *method, const char *path, struct net_download **download,
              struct net_content *content)
{
  return fixture.api->download(fixture.net, fixture.arena,
                               &(struct net_request){.method = method, .path = path}, download, content,
                               &fixture.err);
}

/* All of it, in pieces of ROOM bytes at most. */
static clxs_status
read_all(struct net_download *download, size_t room, struct buf *into)
{
  CLEANUP_FREE char *piece = xmalloc(room);

  for (;;) {
    size_t got;
    clxs_status status = fixture.api->read(download, piece, room, &got, &fixture.err);

    if (status < 0 || got == 0) return status;
    buf_add(into, piece, got);
  }
}

static clxs_status
download(const char *path, size_t room, struct buf *into)
{
  struct net_download *download;
  struct net_content content;
  clxs_status status = open_download("GET", path, &download, &content);

  if (status < 0) return status;
  status = read_all(download, room, into);
  fixture.api->download_close(download);
  return status;
}

Test(net_content, a_large_download_passes_through_a_small_buffer)
{
  CLEANUP_FREE char *text = big_text();
  static const size_t rooms[] = {1000, 65536, 1 << 20};

  FAKE_ADD(fixture.fake, .match = "GET /big", .body = text, MODIFIED);
  for (size_t i = 0; i < ARRAY_SIZE(rooms); i++) {
    CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);

    cr_expect_eq(download("/big", rooms[i], &all), CLXS_OK);
    cr_expect_eq(all.len, BIG);
    cr_expect(str_eq(all.data, text));
  }
}

Test(net_content, the_head_says_length_and_date_before_anything_is_read)
{
  struct net_download *download;
  struct net_content content;
  const struct fake_seen *seen;
  char *value;

  FAKE_ADD(fixture.fake, .match = "GET /a", .body = "12345", MODIFIED);
  cr_assert_eq(open_download("GET", "/a", &download, &content), CLXS_OK);
  cr_expect_eq(content.http_status, 200);
  cr_expect_eq(content.length, 5);
  cr_expect_eq(content.modified_ms, INT64_C(784111777000));
  fixture.api->download_close(download);
  seen = fake_seen(fixture.fake, "GET /a", 0);
  value = fake_header(seen, "authorization");
  cr_expect_str_eq(value, "Bearer token-1-0123456789");
  free(value);
  value = fake_header(seen, "accept-encoding");
  cr_expect_null(value, "stored bytes are asked for, not compressed ones");
}

Test(net_content, head_tells_and_brings_nothing)
{
  CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);
  struct net_download *download;
  struct net_content content;

  FAKE_ADD(fixture.fake, .match = "HEAD /a", MODIFIED);
  cr_assert_eq(open_download("HEAD", "/a", &download, &content), CLXS_OK);
  cr_expect_eq(content.modified_ms, INT64_C(784111777000));
  cr_expect_eq(read_all(download, 100, &all), CLXS_OK);
  cr_expect_eq(all.len, 0);
  fixture.api->download_close(download);
}

Test(net_content, a_refusal_is_an_error_with_its_detail)
{
  CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);

  FAKE_ADD(fixture.fake, .match = "GET /no", .status = 404,
           .body = "{\"error_code\":\"NOT_FOUND\",\"message\":\"no such file\"}");
  cr_expect_eq(download("/no", 100, &all), CLXS_E_NOT_FOUND);
  cr_expect_eq(fixture.err.http_status, 404);
  cr_expect(strstr(fixture.err.message, "no such file"));
  cr_expect_eq(fake_count(fixture.fake, "GET /no"), 1);
}

Test(net_content, busy_and_broken_answers_are_repeated_before_the_first_byte)
{
  CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);

  FAKE_ADD(fixture.fake, .match = "GET /b", .status = 503, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /b", .fault = FAKE_RESET, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /b", .status = 401, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /b", .body = "whole");
  cr_expect_eq(download("/b", 100, &all), CLXS_OK);
  cr_expect_str_eq(all.data, "whole");
}

Test(net_content, a_broken_download_goes_on_behind_the_last_byte)
{
  CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);
  char *value;

  FAKE_ADD(fixture.fake, .match = "GET /c", .body = "0123456789", MODIFIED, .fault = FAKE_CUT, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /c", .status = 206, .body = "56789",
           .headers = "Last-Modified: " DATE "\nContent-Range: bytes 5-9/10\n");
  cr_expect_eq(download("/c", 100, &all), CLXS_OK);
  cr_expect_str_eq(all.data, "0123456789");
  value = fake_header(fake_seen(fixture.fake, "GET /c", 1), "range");
  cr_expect_str_eq(value, "bytes=5-");
  free(value);
  value = fake_header(fake_seen(fixture.fake, "GET /c", 1), "if-unmodified-since");
  cr_expect_str_eq(value, DATE);
  free(value);
}

Test(net_content, a_server_without_ranges_is_read_past_what_is_there)
{
  CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);

  FAKE_ADD(fixture.fake, .match = "GET /d", .body = "0123456789", MODIFIED, .fault = FAKE_CUT, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /d", .body = "0123456789", MODIFIED);
  cr_expect_eq(download("/d", 3, &all), CLXS_OK);
  cr_expect_str_eq(all.data, "0123456789");
}

Test(net_content, two_contents_are_never_mixed)
{
  static const struct fake_rule seconds[] = {
      {.match = "GET /e", .status = 412, .body = "{\"error_code\":\"FAILED_PRECONDITION\"}"},
      {.match = "GET /e", .status = 416},
      {.match = "GET /e", .body = "abcdefghij", .headers = "Last-Modified: Mon, 07 Nov 1994 08:49:37 GMT\n"},
      {.match = "GET /e", .body = "abcdefghijk", MODIFIED},
      {.match = "GET /e",
       .status = 206,
       .body = "ghijk",
       .headers = "Last-Modified: " DATE "\nContent-Range: bytes 6-10/11\n"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(seconds); i++) {
    CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);
    struct fake_rule rule = seconds[i];

    rule.times = 1;
    FAKE_ADD(fixture.fake, .match = "GET /e", .body = "0123456789", MODIFIED, .fault = FAKE_CUT, .times = 1);
    fake_add(fixture.fake, &rule);
    cr_expect_eq(download("/e", 100, &all), CLXS_E_CONFLICT, "case %zu", i);
    cr_expect_str_eq(all.data, "01234", "case %zu", i);
    cr_expect(strstr(fixture.err.message, "changed"), "case %zu: %s", i, fixture.err.message);
  }
}

Test(net_content, a_failed_download_never_looks_like_its_end)
{
  CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);
  struct net_download *download;
  struct net_content content;

  FAKE_ADD(fixture.fake, .match = "GET /f", .body = "0123456789", .fault = FAKE_CUT);
  cr_assert_eq(open_download("GET", "/f", &download, &content), CLXS_OK);
  cr_expect_eq(read_all(download, 100, &all), CLXS_E_UNAVAILABLE, "without a date it cannot be taken up");
  cr_expect_eq(read_all(download, 100, &all), CLXS_E_UNAVAILABLE);
  fixture.api->download_close(download);
}

Test(net_content, a_download_can_be_left_before_its_end)
{
  CLEANUP_FREE char *text = big_text();
  struct net_download *download;
  struct net_content content;
  char piece[10];
  size_t got;

  FAKE_ADD(fixture.fake, .match = "GET /big", .body = text);
  cr_assert_eq(open_download("GET", "/big", &download, &content), CLXS_OK);
  cr_expect_eq(fixture.api->read(download, piece, sizeof piece, &got, &fixture.err), CLXS_OK);
  fixture.api->download_close(download);
}

/* A source that counts how often it was begun, and can end or fail early. */
struct text_source {
  const char *text;
  size_t at, end;
  unsigned restarts;
  clxs_status fail;
};

static clxs_status
source_read(void *data, char *buffer, size_t room, size_t *got)
{
  struct text_source *source = data;
  size_t left = source->end - source->at;

  if (left == 0 && source->fail < 0) return source->fail;
  *got = left < room ? left : room;
  memcpy(buffer, source->text + source->at, *got);
  source->at += *got;
  return CLXS_OK;
}

static clxs_status
source_restart(void *data)
{
  struct text_source *source = data;

  source->at = 0;
  source->restarts++;
  return CLXS_OK;
}

static clxs_status
upload(const char *path, struct text_source *source, int64_t length)
{
  struct net_response response;

  return fixture.api->upload(fixture.net, fixture.arena,
                             &(struct net_request){.method = "PUT", .path = path, .query = "overwrite=true"},
                             &(struct net_source){length, source_read, source_restart, source}, &response,
                             &fixture.err);
}

Test(net_content, a_large_upload_arrives_whole)
{
  CLEANUP_FREE char *text = big_text();
  struct text_source source = {.text = text, .end = BIG};
  const struct fake_seen *seen;
  char *value;

  FAKE_ADD(fixture.fake, .match = "PUT /up", .status = 204);
  cr_expect_eq(upload("/up", &source, (int64_t)BIG), CLXS_OK);
  seen = fake_seen(fixture.fake, "PUT /up", 0);
  cr_expect(str_eq(seen->body, text));
  cr_expect_str_eq(seen->query, "overwrite=true");
  value = fake_header(seen, "content-type");
  cr_expect_str_eq(value, "application/octet-stream");
  free(value);
  cr_expect_eq(source.restarts, 0);
}

Test(net_content, an_empty_upload_is_an_empty_body)
{
  struct text_source source = {.text = ""};
  char *value;

  FAKE_ADD(fixture.fake, .match = "PUT /empty", .status = 204);
  cr_expect_eq(upload("/empty", &source, 0), CLXS_OK);
  cr_expect_str_eq(fake_seen(fixture.fake, "PUT /empty", 0)->body, "");
  value = fake_header(fake_seen(fixture.fake, "PUT /empty", 0), "content-length");
  cr_expect_str_eq(value, "0");
  free(value);
}

Test(net_content, a_repeated_upload_begins_at_the_first_byte)
{
  struct text_source source = {.text = "0123456789", .end = 10};

  FAKE_ADD(fixture.fake, .match = "PUT /r", .status = 429, .times = 1);
  FAKE_ADD(fixture.fake, .match = "PUT /r", .fault = FAKE_RESET, .times = 1);
  FAKE_ADD(fixture.fake, .match = "PUT /r", .status = 401, .times = 1);
  FAKE_ADD(fixture.fake, .match = "PUT /r", .status = 204);
  cr_expect_eq(upload("/r", &source, 10), CLXS_OK);
  cr_expect_eq(source.restarts, 3);
  for (size_t i = 0; i < 4; i++)
    cr_expect_str_eq(fake_seen(fixture.fake, "PUT /r", i)->body, "0123456789");
}

Test(net_content, a_source_that_fails_or_ends_too_soon_ends_the_upload)
{
  struct text_source failing = {.text = "01234", .end = 5, .fail = CLXS_E_NOT_FOUND};
  struct text_source ending = {.text = "01234", .end = 5};

  FAKE_ADD(fixture.fake, .match = "PUT /s", .status = 204);
  cr_expect_eq(upload("/s", &failing, 10), CLXS_E_NOT_FOUND);
  cr_expect_null(fixture.err.message, "the failure is the source's to tell");
  cr_expect_eq(upload("/s", &ending, 10), CLXS_E_DATA);
  cr_expect(strstr(fixture.err.message, "5 bytes before its length of 10"), "%s", fixture.err.message);
}

Test(net_content, a_refused_upload_is_an_error_with_its_detail)
{
  struct text_source source = {.text = "01234", .end = 5};

  FAKE_ADD(fixture.fake, .match = "PUT /t", .status = 409,
           .body = "{\"error_code\":\"ALREADY_EXISTS\",\"message\":\"it is there\"}");
  cr_expect_eq(upload("/t", &source, 5), CLXS_E_EXISTS);
  cr_expect(strstr(fixture.err.message, "it is there"));
  cr_expect(!strstr(fixture.err.message, "token-1"));
}

static void *
cancel_later(void *data)
{
  fake_await(fixture.fake, "GET /hang", 1);
  fixture.api->cancel(fixture.net);
  return data;
}

Test(net_content, cancelling_ends_a_download_that_waits)
{
  CLEANUP_BUF struct buf all = BUF_INIT(BUF_LARGE);
  pthread_t thread;

  FAKE_ADD(fixture.fake, .match = "GET /hang", .fault = FAKE_HANG);
  pthread_create(&thread, NULL, cancel_later, NULL);
  cr_expect_eq(download("/hang", 100, &all), CLXS_E_CANCELLED);
  pthread_join(thread, NULL);
  fake_release(fixture.fake);
}

/* Moved from one to the other on one thread, as a copy does it. */
struct pipe {
  struct net_download *download;
};

static clxs_status
pipe_read(void *data, char *buffer, size_t room, size_t *got)
{
  return fixture.api->read(((struct pipe *)data)->download, buffer, room, got, &fixture.err);
}

static clxs_status
pipe_restart(void *data)
{
  struct net_content content;
  struct pipe *pipe = data;

  fixture.api->download_close(pipe->download);
  return open_download("GET", "/big", &pipe->download, &content);
}

Test(net_content, a_download_can_be_the_source_of_an_upload)
{
  CLEANUP_FREE char *text = big_text();
  struct pipe pipe;
  struct net_content content;
  struct net_response response;

  FAKE_ADD(fixture.fake, .match = "GET /big", .body = text, MODIFIED);
  FAKE_ADD(fixture.fake, .match = "PUT /copy", .status = 503, .times = 1);
  FAKE_ADD(fixture.fake, .match = "PUT /copy", .status = 204);
  cr_assert_eq(open_download("GET", "/big", &pipe.download, &content), CLXS_OK);
  cr_expect_eq(fixture.api->upload(fixture.net, fixture.arena,
                                   &(struct net_request){.method = "PUT", .path = "/copy"},
                                   &(struct net_source){content.length, pipe_read, pipe_restart, &pipe},
                                   &response, &fixture.err),
               CLXS_OK);
  cr_expect(str_eq(fake_seen(fixture.fake, "PUT /copy", 1)->body, text));
  fixture.api->download_close(pipe.download);
}
