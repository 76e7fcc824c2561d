/* SPDX-License-Identifier: Apache-2.0 */
/* The Files API: bytes and directories in volumes. https://docs.databricks.com/api/workspace/files. Catalog,
 * schema and volume in a path are compared without case, what is inside the volume with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "http/request.h"
#include "http/route.h"
#include "http/spool.h"
#include "store/store.h"

#include "base/banned.h"

#define FILE_MAX (INT64_C(5) << 30)
#define LIST_MAX 1000
#define SEGMENT_MAX 255
#define FILES "/api/2.0/fs/files/**"
#define DIRECTORIES "/api/2.0/fs/directories/**"

/* A path of the API taken apart. */
struct place {
  struct volume volume;
  const char *root; /* "/Volumes/c/s/v", as asked */
  const char *path; /* inside the volume; "" is the volume itself */
};

static bool
bad_path(struct request *request)
{
  return reply_error_reason(
      request, 400, "INVALID_PARAMETER_VALUE", "FILES_API_INVALID_PATH",
      "The path '/%s' is not valid: it must be /Volumes/<catalog>/<schema>/<volume>/..., without "
      "empty, '.' or '..' parts, each of at most %d bytes.",
      request->rest, SEGMENT_MAX);
}

/* Cut the path and find its volume. Privileges are the caller's business. */
static bool
find_place(struct request *request, bool directory, struct place *out)
{
  char *copy = arena_strdup(request->arena, request->rest), *parts[4], *part;
  size_t length = strlen(copy), count = 0;
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_LARGE);
  struct name name;

  if (directory && length > 0 && copy[length - 1] == '/') copy[length - 1] = '\0';
  while ((part = strsep(&copy, "/"))) {
    if (!*part || strcmp(part, ".") == 0 || strcmp(part, "..") == 0 || strlen(part) > SEGMENT_MAX)
      return bad_path(request);
    if (count < 4)
      parts[count++] = part;
    else
      buf_addf(&path, "%s%s", path.len ? "/" : "", part);
  }
  if (count < 4 || strcmp(parts[0], "Volumes") != 0 || (!directory && path.len == 0))
    return bad_path(request);
  name = (struct name){.catalog = parts[1], .schema = parts[2], .object = parts[3]};
  if (!name_check(&request->session, SEC_CATALOG, name.catalog, &name.catalog) ||
      !name_check(&request->session, SEC_SCHEMA, name.schema, &name.schema) ||
      !name_check(&request->session, SEC_VOLUME, name.object, &name.object) ||
      !volume_get(&request->session, &name, &out->volume))
    return reply_fault(request);
  out->root = arena_printf(request->arena, "/Volumes/%s/%s/%s", parts[1], parts[2], parts[3]);
  out->path = arena_strdup(request->arena, path.data);
  return true;
}

static bool
may(struct request *request, const struct place *place, enum privilege privilege)
{
  return access_require(&request->session, &place->volume.object, privilege) || reply_fault(request);
}

static bool
no_file(struct request *request)
{
  return reply_error_reason(request, 404, "NOT_FOUND", "FILES_API_FILE_NOT_FOUND",
                            "The file '/%s' does not exist.", request->rest);
}

static bool
no_directory(struct request *request)
{
  return reply_error_reason(request, 404, "NOT_FOUND", "FILES_API_DIRECTORY_IS_NOT_FOUND",
                            "The directory '/%s' does not exist.", request->rest);
}

/* The file of the path, readable by the caller. */
static bool
find_file(struct request *request, struct place *place, struct volume_file *file)
{
  if (!find_place(request, false, place) || !may(request, place, PRIV_READ_VOLUME)) return false;
  if (file_find(&request->session, place->volume.object.id, place->path, file) && !file->directory)
    return true;
  return no_file(request);
}

static const char *
http_date(struct arena *arena, int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  struct tm parts;
  char text[64];

  gmtime_r(&seconds, &parts);
  strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return arena_strdup(arena, text);
}

static void
add_file_headers(struct request *request, const struct volume_file *file)
{
  request->reply.content_type = "application/octet-stream";
  reply_header(request, "Last-Modified", http_date(request->arena, file->modified_ms));
  reply_header(request, "Accept-Ranges", "bytes");
}

/* A file that is being sent, block by block. */
struct stream {
  struct sandbox *sandbox;
  int64_t volume_id, first, count, size, modified_ms;
  char *path;
  char *block; /* bytes from block_at on, block_length of them */
  int64_t block_at, block_length;
};

static void
stream_close(void *data)
{
  struct stream *stream = data;

  free(stream->path);
  free(stream->block);
  free(stream);
}

/* Fetch the block at POSITION. The file may have been replaced since the last one: then the rest of the old
 * one is gone, nothing is fetched, and the transfer fails. */
static void
fetch_block(struct stream *stream, int64_t position)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct session session = {.arena = arena, .store = stream->sandbox->store, .user = "", .admin = true};
  int64_t wanted = stream->count - position;
  struct volume_file file;
  const void *bytes = NULL;
  size_t got = 0;

  store_enter(&session);
  if (file_find(&session, stream->volume_id, stream->path, &file) &&
      file.modified_ms == stream->modified_ms && file.size == stream->size)
    file_read(&session, stream->volume_id, stream->path, stream->first + position, wanted, &bytes, &got);
  store_leave(&session, true);
  free(stream->block);
  stream->block = bytes && got > 0 ? xmalloc(got) : NULL;
  if (stream->block) memcpy(stream->block, bytes, got);
  stream->block_at = position;
  stream->block_length = stream->block ? (int64_t)got : 0;
}

static ssize_t
stream_read(void *data, uint64_t position, char *out, size_t max)
{
  struct stream *stream = data;
  int64_t from = (int64_t)position, left;

  if (from < stream->block_at || from >= stream->block_at + stream->block_length) fetch_block(stream, from);
  left = stream->block_at + stream->block_length - from;
  if (left <= 0) return 0;
  if (left < (int64_t)max) max = (size_t)left;
  memcpy(out, stream->block + (from - stream->block_at), max);
  return (ssize_t)max;
}

/* The bytes that a Range header asks for, within SIZE. 1: a part; 0: everything; -1: nothing in it is there.
 */
static int
parse_range(struct request *request, int64_t size, int64_t *first, int64_t *count)
{
  const char *header = request_header(request, "Range"), *dash;
  int64_t from = -1, to = -1;

  *first = 0;
  *count = size;
  if (!header || !str_starts(header, "bytes=") || strchr(header, ',')) return 0;
  header += strlen("bytes=");
  dash = strchr(header, '-');
  if (!dash || strspn(header, "0123456789-") != strlen(header)) return 0;
  if (dash > header && !str_to_int64(arena_strndup(request->arena, header, (size_t)(dash - header)), &from))
    return 0;
  if (dash[1] && !str_to_int64(dash + 1, &to)) return 0;
  if (from < 0 && to < 0) return 0;
  if (from < 0) { /* the last TO bytes */
    from = to >= size ? 0 : size - to;
    to = size - 1;
  }
  if (to < 0 || to >= size) to = size - 1;
  if (from >= size || from > to) return -1;
  *first = from;
  *count = to - from + 1;
  return 1;
}

static bool
unmodified(struct request *request, const struct volume_file *file)
{
  const char *header = request_header(request, "If-Unmodified-Since");
  struct tm parts = {0};

  if (!header || !strptime(header, "%a, %d %b %Y %H:%M:%S GMT", &parts)) return true;
  if (file->modified_ms / 1000 <= (int64_t)timegm(&parts)) return true;
  return reply_error(request, 412, "FAILED_PRECONDITION", "The file '/%s' was modified after %s.",
                     request->rest, header);
}

static void
send_file(struct request *request, const struct place *place, const struct volume_file *file)
{
  struct reply *reply = &request->reply;
  struct stream *stream;
  int64_t first, count;
  int part = parse_range(request, file->size, &first, &count);

  if (!unmodified(request, file)) return;
  if (part < 0) {
    reply_error(request, 416, "INVALID_PARAMETER_VALUE", "The file '/%s' has only %lld bytes.", request->rest,
                (long long)file->size);
    reply_header(request, "Content-Range",
                 arena_printf(request->arena, "bytes */%lld", (long long)file->size));
    return;
  }
  reply->status = part ? 206 : 200;
  add_file_headers(request, file);
  if (part)
    reply_header(request, "Content-Range",
                 arena_printf(request->arena, "bytes %lld-%lld/%lld", (long long)first,
                              (long long)(first + count - 1), (long long)file->size));
  if (count == 0) return;
  stream = xcalloc(1, sizeof *stream);
  *stream = (struct stream){.sandbox = request->sandbox,
                            .volume_id = place->volume.object.id,
                            .first = first,
                            .count = count,
                            .size = file->size,
                            .modified_ms = file->modified_ms,
                            .path = xstrdup(place->path)};
  reply->read = stream_read;
  reply->close = stream_close;
  reply->data = stream;
  reply->count = (uint64_t)count;
}

static void
get_file(struct request *request)
{
  struct volume_file file;
  struct place place;

  store_enter(&request->session);
  if (find_file(request, &place, &file)) send_file(request, &place, &file);
  store_leave(&request->session, true);
}

static bool
read_spool(void *data, int64_t offset, char *out, size_t length)
{
  return length == 0 || spool_read(*(const int *)data, offset, out, length);
}

static void
put_file(struct request *request)
{
  struct file_source source = {read_spool, &request->spool, request->spool_size};
  struct place place;
  bool overwrite, ok;

  if (!query_bool(request, "overwrite", true, &overwrite)) return;
  if (source.size > FILE_MAX) {
    reply_error_reason(request, 413, "INVALID_PARAMETER_VALUE", "FILES_API_FILE_SIZE_EXCEEDED",
                       "The file has %lld bytes; at most 5 GiB are allowed.", (long long)source.size);
    return;
  }
  store_enter(&request->session);
  ok = find_place(request, false, &place) && may(request, &place, PRIV_WRITE_VOLUME) &&
       (file_write_from(&request->session, place.volume.object.id, place.path, &source, overwrite) ||
        reply_fault(request));
  if (request_leave(request, ok)) reply_empty(request, 204);
}

static void
delete_file(struct request *request)
{
  struct place place;
  bool ok;

  store_enter(&request->session);
  ok = find_place(request, false, &place) && may(request, &place, PRIV_WRITE_VOLUME) &&
       (file_delete(&request->session, place.volume.object.id, place.path) || no_file(request));
  if (request_leave(request, ok)) reply_empty(request, 204);
}

/* The directory of the path, which must be there. */
static bool
find_directory(struct request *request, struct place *place)
{
  struct volume_file file;

  if (!find_place(request, true, place) || !may(request, place, PRIV_READ_VOLUME)) return false;
  if (!*place->path) return true;
  if (file_find(&request->session, place->volume.object.id, place->path, &file) && file.directory)
    return true;
  return no_directory(request);
}

static struct json_object *
render_entry(struct request *request, const struct place *place, const struct volume_file *file)
{
  struct json_object *out = json_object_new_object();

  json_add_text(out, "path", arena_printf(request->arena, "%s/%s", place->root, file->path));
  json_add_text(out, "name", file->name);
  json_add_bool(out, "is_directory", file->directory);
  if (!file->directory) json_add_int(out, "file_size", file->size);
  json_add_int(out, "last_modified", file->modified_ms);
  return out;
}

static struct json_object *
list_directory(struct request *request)
{
  struct json_object *out, *list;
  struct volume_file *files;
  struct place place;
  int64_t size;
  size_t count;

  if (!query_int(request, "page_size", LIST_MAX, &size)) return NULL;
  if (size < 0) {
    reply_invalid(request, "page_size must not be negative.");
    return NULL;
  }
  if (size == 0 || size > LIST_MAX) size = LIST_MAX;
  if (!find_directory(request, &place) ||
      !file_list(&request->session, place.volume.object.id, place.path, query_text(request, "page_token"),
                 (size_t)size + 1, &files, &count))
    return NULL;
  out = json_object_new_object();
  list = json_object_new_array();
  for (size_t i = 0; i < count && i < (size_t)size; i++)
    json_object_array_add(list, render_entry(request, &place, &files[i]));
  json_object_object_add(out, "contents", list);
  if (count > (size_t)size) json_add_text(out, "next_page_token", files[size - 1].name);
  return out;
}

static void
head_directory(struct request *request)
{
  struct place place;

  store_enter(&request->session);
  if (find_directory(request, &place)) reply_empty(request, 200);
  store_leave(&request->session, true);
}

static void
put_directory(struct request *request)
{
  struct place place;
  bool ok;

  store_enter(&request->session);
  ok = find_place(request, true, &place) && may(request, &place, PRIV_WRITE_VOLUME) &&
       (!*place.path || directory_create(&request->session, place.volume.object.id, place.path) ||
        reply_fault(request));
  if (request_leave(request, ok)) reply_empty(request, 204);
}

/* The store's refusal in the words of this API. */
static bool
refuse_delete(struct request *request, const struct place *place)
{
  struct volume_file file;

  if (!file_find(&request->session, place->volume.object.id, place->path, &file) || !file.directory)
    return no_directory(request);
  return reply_error_reason(request, 400, "INVALID_PARAMETER_VALUE", "FILES_API_DIRECTORY_IS_NOT_EMPTY",
                            "The directory '/%s' is not empty.", request->rest);
}

static void
delete_directory(struct request *request)
{
  struct place place;
  bool ok;

  store_enter(&request->session);
  ok = find_place(request, true, &place) && may(request, &place, PRIV_WRITE_VOLUME);
  if (ok && !*place.path)
    ok = reply_invalid(request, "The root of a volume cannot be deleted; drop the volume.");
  else if (ok)
    ok = directory_delete(&request->session, place.volume.object.id, place.path) ||
         refuse_delete(request, &place);
  if (request_leave(request, ok)) reply_empty(request, 204);
}

/* Uploads in parts and signed downloads are an optional side of the API. A session is opened, and the request
 * for the first part's URL then gets the answer that makes clients go back to a single PUT. */
static struct json_object *
initiate_upload(struct request *request)
{
  struct json_object *out, *session;
  struct place place;
  char token[37];

  if (!str_eq(query_text(request, "action"), "initiate-upload")) {
    reply_invalid(request, "The only action supported is initiate-upload.");
    return NULL;
  }
  if (!find_place(request, false, &place) || !may(request, &place, PRIV_WRITE_VOLUME)) return NULL;
  sandbox_uuid(token);
  session = json_object_new_object();
  json_add_text(session, "session_token", token);
  out = json_object_new_object();
  json_object_object_add(out, "multipart_upload", session);
  return out;
}

static void
not_enabled(struct request *request)
{
  reply_error_reason(request, 403, "PERMISSION_DENIED", "FILES_API_API_IS_NOT_ENABLED",
                     "Signed URLs are not enabled here; use a single PUT or GET.");
}

const struct route file_routes[] = {
    ROUTE("GET", FILES, get_file),
    ROUTE("HEAD", FILES, get_file),
    ROUTE_FLAGGED("PUT", FILES, put_file, ROUTE_STREAM),
    ROUTE("DELETE", FILES, delete_file),
    ROUTE_WORK("POST", FILES, initiate_upload),
    ROUTE_WORK("GET", DIRECTORIES, list_directory),
    ROUTE("HEAD", DIRECTORIES, head_directory),
    ROUTE("PUT", DIRECTORIES, put_directory),
    ROUTE("DELETE", DIRECTORIES, delete_directory),
    ROUTE("POST", "/api/2.0/fs/create-upload-part-urls", not_enabled),
    ROUTE("POST", "/api/2.0/fs/create-resumable-upload-url", not_enabled),
    ROUTE("POST", "/api/2.0/fs/create-abort-upload-url", not_enabled),
    ROUTE("POST", "/api/2.0/fs/create-download-url", not_enabled),
    ROUTE_END,
};
