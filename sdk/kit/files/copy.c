/* SPDX-License-Identifier: Apache-2.0 */
/* One file from one place to another: a download that is the source of an upload, then a look at what
 * arrived. The Files API has no copy of its own. */
#include <clxs/clxs.h>

#include "kit/files/files.h"

#include "base/banned.h"

struct pipe {
  struct clxs_call *call;
  const struct files_place *from;
  const char *purpose;
  struct clxs_download *download;
  int64_t length;
};

static clxs_status
no_streams(struct clxs_call *call)
{
  return clxs_failf(call, CLXS_E_UNSUPPORTED, "install a newer clxs", "this host cannot move files");
}

static clxs_status
open_file(struct clxs_call *call, const char *method, const struct files_place *file, const char *purpose,
          struct clxs_download **download, struct clxs_content *content)
{
  struct clxs_request request = {.size = sizeof request, .method = method, .path = file->path};
  clxs_status status;

  if (!CLXS_HAS(clxs_rest(call), download)) return no_streams(call);
  request.workspace = file->workspace;
  request.purpose = purpose;
  status = clxs_rest(call)->download(call, &request, download, content);
  if (status < 0 || content->length >= 0) return status;
  clxs_rest(call)->close(call, *download);
  return clxs_failf(call, CLXS_E_DATA, NULL, "%s: the service does not say how long the file is", file->path);
}

static clxs_status
pipe_read(void *data, char *buffer, size_t room, size_t *got)
{
  struct pipe *pipe = data;

  return clxs_rest(pipe->call)->read(pipe->call, pipe->download, buffer, room, got);
}

static clxs_status
changed(struct clxs_call *call, const struct files_place *from)
{
  return clxs_failf(call, CLXS_E_CONFLICT, "run the command again when nobody writes to it",
                    "%s: the file changed while it was copied", from->path);
}

static clxs_status
pipe_restart(void *data)
{
  struct pipe *pipe = data;
  struct clxs_content content = {.size = sizeof content};
  clxs_status status;

  clxs_rest(pipe->call)->close(pipe->call, pipe->download);
  pipe->download = NULL;
  status = open_file(pipe->call, "GET", pipe->from, pipe->purpose, &pipe->download, &content);
  if (status < 0) return status;
  return content.length == pipe->length ? CLXS_OK : changed(pipe->call, pipe->from);
}

clxs_status
files_look(struct clxs_call *call, const struct files_place *file, int64_t *size, int64_t *modified_ms)
{
  struct clxs_content content = {.size = sizeof content};
  struct clxs_download *download = NULL;
  clxs_status status = open_file(call, "HEAD", file, "look at a file", &download, &content);

  if (status < 0) return status;
  clxs_rest(call)->close(call, download);
  *size = content.length;
  *modified_ms = content.modified_ms;
  return CLXS_OK;
}

static clxs_status
verify(struct clxs_call *call, const struct files_place *to, int64_t wanted)
{
  int64_t size = 0, modified;
  clxs_status status = files_look(call, to, &size, &modified);

  if (status < 0 || size == wanted) return status;
  return clxs_failf(call, CLXS_E_DATA, "run the command again to copy it anew",
                    "%s: the copy has %lld bytes, and the original %lld", to->path, (long long)size,
                    (long long)wanted);
}

clxs_status
files_copy(struct clxs_call *call, const struct files_place *from, const struct files_place *to,
           const char *purpose, int64_t *bytes)
{
  struct clxs_request request = {
      .size = sizeof request, .method = "PUT", .path = to->path, .query = "overwrite=true"};
  struct clxs_content content = {.size = sizeof content};
  struct pipe pipe = {.call = call, .from = from, .purpose = purpose};
  struct clxs_source source = {
      .size = sizeof source, .read = pipe_read, .restart = pipe_restart, .data = &pipe};
  clxs_status status = open_file(call, "GET", from, purpose, &pipe.download, &content);

  if (status < 0) return status;
  pipe.length = source.length = content.length;
  request.workspace = to->workspace;
  request.purpose = purpose;
  status = clxs_rest(call)->upload(call, &request, &source, NULL);
  clxs_rest(call)->close(call, pipe.download);
  if (status >= 0) status = verify(call, to, content.length);
  *bytes = content.length;
  return status;
}
