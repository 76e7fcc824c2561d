/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of listings, as Unity Catalog hands them out. Tokens are opaque, and good only for the list that gave
 * them. */
#ifndef CLXS_SANDBOX_HTTP_PAGE_H
#define CLXS_SANDBOX_HTTP_PAGE_H

#include <stdbool.h>

#include "base/json.h"
#include "store/store.h"

struct request;

enum page_rule {
  PAGE_OR_ALL,      /* unset: everything in one page (deprecated, but served); 0: the server's length */
  PAGE_ALWAYS,      /* unset: 10000; 0: the server's length */
  PAGE_SERVER,      /* unset or 0: the server's length */
  PAGE_GRANTS,      /* unset: everything; 0: the server's length; 1 to 149 refused */
  PAGE_ASSIGNMENTS, /* unset or 0: the server's length; 1 to 149 refused */
};

/* Read parameter LENGTH_KEY ("max_results") and page_token into PAGE. False with the request failed. */
bool page_begin(struct request *request, const char *length_key, enum page_rule rule, struct page *page);
/* Add next_page_token to the answer when there is more. */
void page_end(struct request *request, struct json_object *answer, const struct page *page);
/* Cut COUNT items that are all at hand down to the page: items [*from, *to) are on it. KEY gives the cursor
 * of an item. */
void page_cut(struct page *page, size_t count, const char *(*key)(const void *items, size_t index),
              const void *items, size_t *from, size_t *to);

#endif
