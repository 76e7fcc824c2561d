/* SPDX-License-Identifier: Apache-2.0 */
/* Page lengths and tokens. A token is the name behind which to go on, with a mark of the list it belongs to,
 * in hex, so that nobody is tempted to read or build one. */
#include "http/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/request.h"

#include "base/banned.h"

#define PAGE_MAX 10000
#define GRANTS_MIN 150

/* What must stay the same from page to page: the path and every parameter but the paging ones. */
static uint64_t
list_mark(struct request *request, const char *length_key)
{
  uint64_t mark = str_hash(request->path, strlen(request->path));

  for (size_t i = 0; i < request->query_count; i++) {
    const struct query_pair *pair = &request->query[i];

    if (strcmp(pair->key, "page_token") == 0 || strcmp(pair->key, length_key) == 0) continue;
    /* A sum, so that the order of parameters does not matter. */
    mark += str_hash_more(str_hash(pair->key, strlen(pair->key) + 1), pair->value, strlen(pair->value));
  }
  return mark;
}

static const char *
encode(struct request *request, const char *length_key, const char *after)
{
  CLEANUP_BUF struct buf token = BUF_INIT(BUF_LARGE);

  buf_addf(&token, "%016llx", (unsigned long long)list_mark(request, length_key));
  for (const char *p = after; *p; p++)
    buf_addf(&token, "%02x", (unsigned char)*p);
  return arena_strdup(request->arena, token.data);
}

static bool
decode(struct request *request, const char *length_key, const char *token, const char **after)
{
  size_t length = strlen(token);
  char mark[17], *text;

  snprintf(mark, sizeof mark, "%016llx", (unsigned long long)list_mark(request, length_key));
  if (length < 16 || length % 2 != 0 || memcmp(token, mark, 16) != 0 ||
      strspn(token, "0123456789abcdef") != length)
    return reply_invalid(request,
                         "page_token was not given by this list: pass on the token of the page before, with "
                         "all other parameters unchanged.");
  text = arena_alloc(request->arena, length / 2 + 1);
  for (size_t i = 16; i < length; i += 2) {
    char pair[3] = {token[i], token[i + 1], '\0'};

    text[(i - 16) / 2] = (char)strtol(pair, NULL, 16);
  }
  *after = text;
  return true;
}

bool
page_begin(struct request *request, const char *length_key, enum page_rule rule, struct page *page)
{
  const char *token = query_text(request, "page_token");
  int64_t length, server = request->sandbox->options.page_size;

  *page = (struct page){0};
  if (!query_int(request, length_key, -1, &length)) return false;
  if (query_text(request, length_key) && length < 0)
    return reply_invalid(request, "%s must not be negative.", length_key);
  if ((rule == PAGE_GRANTS || rule == PAGE_ASSIGNMENTS) && length > 0 && length < GRANTS_MIN)
    return reply_invalid(request, "%s must be 0 or at least %d.", length_key, GRANTS_MIN);
  if (length < 0)
    length = rule == PAGE_ALWAYS ? PAGE_MAX : rule == PAGE_SERVER || rule == PAGE_ASSIGNMENTS ? server : 0;
  else if (length == 0)
    length = server;
  page->limit = (size_t)(length > PAGE_MAX ? PAGE_MAX : length);
  return !token || decode(request, length_key, token, &page->after);
}

void
page_end(struct request *request, struct json_object *answer, const struct page *page)
{
  static const char *const keys[] = {"max_results", "page_size"};
  const char *key = query_text(request, keys[1]) ? keys[1] : keys[0];

  if (page->next) json_add_text(answer, "next_page_token", encode(request, key, page->next));
}

void
page_cut(struct page *page, size_t count, const char *(*key)(const void *items, size_t index),
         const void *items, size_t *from, size_t *to)
{
  *from = 0;
  while (page->after && *from < count && strcmp(key(items, *from), page->after) <= 0)
    ++*from;
  *to = page->limit && count - *from > page->limit ? *from + page->limit : count;
  if (*to < count) page->next = key(items, *to - 1);
}
