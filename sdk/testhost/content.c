/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.rest/1, the part that moves content: what comes is the body of the rule that answers, what goes is
 * recorded as the request's body. It is dated by the test's clock. */
#include "base/str.h"
#include "testhost/internal.h"

#include "base/banned.h"

struct clxs_download {
  const char *body;
  size_t length, offset;
};

clxs_status
th_download(struct clxs_call *pub, const struct clxs_request *request, struct clxs_download **download,
            struct clxs_content *content)
{
  struct th_call *call = th_call_of(pub);
  struct clxs_response response = {.size = sizeof response};
  clxs_status status = th_rest_answer(call, request, &response);

  *download = NULL;
  if (content)
    *content = (struct clxs_content){.size = content->size,
                                     .http_status = response.http_status,
                                     .length = status < 0 ? -1 : (int64_t)response.length,
                                     .modified_ms = pub->core->now_ms(pub),
                                     .request_id = response.request_id};
  if (status < 0) return status;
  *download = arena_alloc(call->arena, sizeof **download);
  (*download)->body = response.body;
  (*download)->length = str_eq(request->method, "HEAD") ? 0 : response.length;
  return CLXS_OK;
}

clxs_status
th_read(struct clxs_call *pub, struct clxs_download *download, char *buffer, size_t room, size_t *got)
{
  size_t left = download->length - download->offset;

  *got = 0;
  if (pub->core->cancelled(pub)) return th_fail(th_call_of(pub), CLXS_E_CANCELLED, NULL, 0, "cancelled");
  *got = left < room ? left : room;
  if (*got > 0) memcpy(buffer, download->body + download->offset, *got);
  download->offset += *got;
  return CLXS_OK;
}

void
th_close(struct clxs_call *pub, struct clxs_download *download)
{
  (void)pub, (void)download;
}

clxs_status
th_upload(struct clxs_call *pub, const struct clxs_request *request, const struct clxs_source *source,
          struct clxs_response *response)
{
  struct th_call *call = th_call_of(pub);
  char *body = arena_alloc(call->arena, (size_t)source->length + 1);
  struct clxs_response ignored = {.size = sizeof ignored};
  struct clxs_request whole = *request;

  for (size_t length = 0; length < (size_t)source->length;) {
    size_t got = 0;
    clxs_status status = source->read(source->data, body + length, (size_t)source->length - length, &got);

    if (status < 0) return status;
    if (got == 0) return th_fail(call, CLXS_E_DATA, NULL, 0, "the content ended before its length");
    length += got;
  }
  whole.body = body;
  return th_rest_answer(call, &whole, response ? response : &ignored);
}
