/* SPDX-License-Identifier: Apache-2.0 */
/* The workspace tree: notebooks, files and folders. https://docs.databricks.com/api/workspace/workspace.
 * Contents are kept as documents (base64, as they come); notebooks are not run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/form.h"
#include "http/keep.h"
#include "http/request.h"
#include "http/route.h"
#include "store/store.h"

#include "base/banned.h"

#define KIND "tree"
#define CONTENT_MAX ((size_t)10 << 20)

/* One import, however it came. */
struct import {
  const char *path, *format, *language;
  const char *content; /* base64 */
  bool overwrite;
};

static bool
check_path(struct request *request, const char *path)
{
  size_t length = strlen(path);

  if (*path == '/' && (length == 1 || path[length - 1] != '/') && !strstr(path, "//")) return true;
  return reply_invalid(request, "Path (%s) must be absolute, without empty parts or a slash at its end.",
                       path);
}

/* Folders that are there without anybody making them. */
static bool
is_given(struct request *request, const char *path)
{
  return str_eq(path, "/") || str_eq(path, "/Users") || str_eq(path, "/Shared") ||
         str_eq(path, arena_printf(request->arena, "/Users/%s", request->caller->name));
}

/* Everybody writes in their own folder and in /Shared; administrators everywhere. */
static bool
may_write(struct request *request, const char *path)
{
  const char *own = arena_printf(request->arena, "/Users/%s/", request->caller->name);

  if (request->caller->admin || str_starts(path, own) || str_starts(path, "/Shared/")) return true;
  return reply_denied(request, "User %s has no permission to write %s.", request->caller->name, path);
}

/* A new reference to the object at PATH, or NULL. */
static struct json_object *
find(struct request *request, const char *path)
{
  struct json_object *body;

  if (!is_given(request, path)) return keep_get(&request->session, KIND, path);
  body = json_object_new_object();
  json_add_text(body, "object_type", "DIRECTORY");
  json_add_int(body, "object_id", (int64_t)(str_hash(path, strlen(path)) >> 12));
  return body;
}

static bool
is_directory(struct json_object *body)
{
  return str_eq(json_get_text(body, "object_type"), "DIRECTORY");
}

static void
put(struct request *request, const char *path, const char *type, struct json_object *body)
{
  int64_t now = sandbox_now(request->sandbox);

  json_add_text(body, "object_type", type);
  json_add_int(body, "object_id", (int64_t)(str_hash(path, strlen(path)) >> 12));
  json_add_int(body, "created_at", now);
  json_add_int(body, "modified_at", now);
  keep_put(&request->session, KIND, path, body);
  json_object_put(body);
}

static struct json_object *
describe(const char *path, struct json_object *body)
{
  static const char *const keys[] = {"object_type", "object_id",   "language",
                                     "created_at",  "modified_at", "size"};
  struct json_object *out = json_object_new_object();

  json_add_text(out, "path", path);
  for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
    if (json_get(body, keys[i]))
      json_object_object_add(out, keys[i], json_object_get(json_get(body, keys[i])));
  return out;
}

static void *
no_object(struct request *request, const char *path)
{
  reply_missing(request, "Path (%s) doesn't exist.", path);
  return NULL;
}

static struct json_object *
get_status(struct request *request)
{
  const char *path = query_required(request, "path");
  CLEANUP_JSON struct json_object *body = NULL;

  if (!path || !check_path(request, path)) return NULL;
  body = find(request, path);
  return body ? describe(path, body) : no_object(request, path);
}

struct listing {
  const char *prefix;
  struct json_object *list;
};

static bool
add_child(void *data, const char *key, struct json_object *body)
{
  struct listing *listing = data;

  if (!strchr(key + strlen(listing->prefix), '/')) json_object_array_add(listing->list, describe(key, body));
  return true;
}

static struct json_object *
list_objects(struct request *request)
{
  const char *path = query_required(request, "path");
  CLEANUP_JSON struct json_object *body = NULL;
  struct json_object *out;
  struct listing listing;

  if (!path || !check_path(request, path)) return NULL;
  body = find(request, path);
  if (!body) return no_object(request, path);
  listing.list = json_object_new_array();
  listing.prefix = str_eq(path, "/") ? "/" : arena_printf(request->arena, "%s/", path);
  if (is_directory(body))
    keep_each(&request->session, KIND, listing.prefix, add_child, &listing);
  else
    json_object_array_add(listing.list, describe(path, body));
  out = json_object_new_object();
  if (json_length(listing.list) > 0)
    json_object_object_add(out, "objects", listing.list);
  else
    json_object_put(listing.list);
  return out;
}

static struct json_object *
make_directories(struct request *request)
{
  struct json_object *body = request_json(request);
  const char *path = body ? body_required(request, body, "path") : NULL;

  if (!path || !check_path(request, path) || (!is_given(request, path) && !may_write(request, path)))
    return NULL;
  for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
    const char *next = strchr(slash + 1, '/');
    const char *part = next ? arena_strndup(request->arena, path, (size_t)(next - path)) : path;
    CLEANUP_JSON struct json_object *there = find(request, part);

    if (there && !is_directory(there)) {
      reply_error(request, 400, "RESOURCE_ALREADY_EXISTS", "Path (%s) exists and is no folder.", part);
      return NULL;
    }
    if (!there) put(request, part, "DIRECTORY", json_object_new_object());
  }
  return json_object_new_object();
}

static bool
has_children(void *data, const char *key, struct json_object *body)
{
  (void)key;
  (void)body;
  *(bool *)data = true;
  return false;
}

struct doomed {
  struct arena *arena;
  struct json_object *keys;
};

static bool
collect(void *data, const char *key, struct json_object *body)
{
  struct doomed *doomed = data;

  (void)body;
  json_object_array_add(doomed->keys, json_object_new_string(key));
  return true;
}

static struct json_object *
delete_object(struct request *request)
{
  struct json_object *body = request_json(request);
  CLEANUP_JSON struct json_object *there = NULL, *keys = NULL;
  const char *path = body ? body_required(request, body, "path") : NULL, *prefix;
  bool recursive = false, full = false;
  struct doomed doomed;

  if (!path || !body_bool(request, body, "recursive", &recursive) || !check_path(request, path) ||
      !may_write(request, path))
    return NULL;
  there = find(request, path);
  if (!there) return no_object(request, path);
  prefix = arena_printf(request->arena, "%s/", path);
  keep_each(&request->session, KIND, prefix, has_children, &full);
  if (full && !recursive) {
    reply_error(request, 400, "DIRECTORY_NOT_EMPTY", "Folder (%s) is not empty", path);
    return NULL;
  }
  keys = json_object_new_array();
  doomed = (struct doomed){.arena = request->arena, .keys = keys};
  keep_each(&request->session, KIND, prefix, collect, &doomed);
  for (size_t i = 0; i < json_length(keys); i++)
    keep_delete(&request->session, KIND, json_object_get_string(json_item(keys, i)));
  keep_delete(&request->session, KIND, path);
  return json_object_new_object();
}

static const char *
encode_base64(struct arena *arena, const char *bytes, size_t length)
{
  char *out = arena_alloc(arena, 4 * ((length + 2) / 3) + 1);

  EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)bytes, (int)length);
  return out;
}

/* The bytes behind base64 TEXT; NULL when it is none. */
static const char *
decode_base64(struct arena *arena, const char *text, size_t *length)
{
  size_t used = strlen(text);
  unsigned char *out = arena_alloc(arena, used + 1);
  int decoded;

  *length = 0;
  if (used == 0) return "";
  if (used % 4 != 0) return NULL;
  decoded = EVP_DecodeBlock(out, (const unsigned char *)text, (int)used);
  if (decoded < 0) return NULL;
  *length = (size_t)decoded - (text[used - 1] == '=') - (text[used - 2] == '=');
  return (const char *)out;
}

static bool
read_form(struct request *request, struct import *out)
{
  struct form_part *parts;
  size_t count;

  if (!form_parse(request, &parts, &count)) return false;
  for (size_t i = 0; i < count; i++) {
    const char *text = arena_strndup(request->arena, parts[i].bytes, parts[i].length);

    if (str_eq(parts[i].name, "path"))
      out->path = text;
    else if (str_eq(parts[i].name, "format"))
      out->format = text;
    else if (str_eq(parts[i].name, "language"))
      out->language = text;
    else if (str_eq(parts[i].name, "overwrite"))
      out->overwrite = str_ieq(text, "true");
    else if (str_eq(parts[i].name, "content"))
      out->content = encode_base64(request->arena, parts[i].bytes, parts[i].length);
  }
  return out->path || reply_invalid(request, "Missing required field: path");
}

static bool
read_import(struct request *request, struct import *out)
{
  static const char *const formats[] = {"SOURCE", "AUTO", "RAW", "JUPYTER", "HTML", "DBC", "R_MARKDOWN"};
  static const char *const languages[] = {"PYTHON", "SQL", "SCALA", "R"};
  struct json_object *body = NULL;
  bool known = false;

  if (form_is(request)) {
    if (!read_form(request, out)) return false;
    for (size_t i = 0; out->format && i < ARRAY_SIZE(formats); i++)
      known |= strcmp(out->format, formats[i]) == 0;
    if (out->format && !known) return reply_invalid(request, "Format %s is not known.", out->format);
  } else {
    body = request_json(request);
    if (!body || !(out->path = body_required(request, body, "path")) ||
        !body_choice(request, body, "format", formats, ARRAY_SIZE(formats), &out->format) ||
        !body_choice(request, body, "language", languages, ARRAY_SIZE(languages), &out->language) ||
        !body_text(request, body, "content", &out->content) ||
        !body_bool(request, body, "overwrite", &out->overwrite))
      return false;
  }
  if (!out->format) out->format = formats[0];
  if (!out->content) out->content = "";
  return check_path(request, out->path) && may_write(request, out->path);
}

static const struct notebook_kind {
  const char *extension, *language, *head;
} notebook_kinds[] = {{".py", "PYTHON", "# Databricks notebook source"},
                      {".sql", "SQL", "-- Databricks notebook source"},
                      {".scala", "SCALA", "// Databricks notebook source"},
                      {".r", "R", "# Databricks notebook source"},
                      {".ipynb", "PYTHON", ""}};

static bool
has_head(const struct notebook_kind *kind, const char *bytes, size_t length)
{
  return length >= strlen(kind->head) && memcmp(bytes, kind->head, strlen(kind->head)) == 0;
}

/* The language that a notebook's source announces by its extension and first line; NULL for a plain file. */
static const char *
notebook_language(const char *path, const char *bytes, size_t length)
{
  for (size_t i = 0; i < ARRAY_SIZE(notebook_kinds); i++)
    if (str_ends(path, notebook_kinds[i].extension) && has_head(&notebook_kinds[i], bytes, length))
      return notebook_kinds[i].language;
  return NULL;
}

/* Source that is imported as a notebook is exported with the first line that marks one, whether or not it
 * came with it. */
static void
mark_source(struct request *request, struct import *import, const char *bytes, size_t length)
{
  for (size_t i = 0; i < ARRAY_SIZE(notebook_kinds); i++) {
    const struct notebook_kind *kind = &notebook_kinds[i];
    CLEANUP_BUF struct buf source = BUF_INIT(CONTENT_MAX + 64);

    if (!str_eq(kind->language, import->language)) continue;
    if (has_head(kind, bytes, length)) return;
    buf_addf(&source, "%s\n", kind->head);
    buf_add(&source, bytes, length);
    import->content = encode_base64(request->arena, source.data, source.len);
    return;
  }
}

/* Decide what the import becomes. *TYPE NULL with the request failed. */
static const char *
decide_type(struct request *request, struct import *import, const char *bytes, size_t length)
{
  const char *language;

  if (str_eq(import->format, "RAW")) return "FILE";
  if (str_eq(import->format, "AUTO")) {
    language = notebook_language(import->path, bytes, length);
    if (!language) return "FILE";
    import->language = language;
    import->path =
        arena_strndup(request->arena, import->path, (size_t)(strrchr(import->path, '.') - import->path));
    return "NOTEBOOK";
  }
  if (str_eq(import->format, "JUPYTER")) {
    if (!import->language) import->language = "PYTHON";
    return "NOTEBOOK";
  }
  if (str_eq(import->format, "SOURCE")) {
    if (import->language) return "NOTEBOOK";
    reply_invalid(request, "The language is needed to import a notebook with format SOURCE.");
    return NULL;
  }
  reply_error(request, 501, "NOT_IMPLEMENTED", "The sandbox does not import format %s.", import->format);
  return NULL;
}

static bool
check_target(struct request *request, const struct import *import)
{
  CLEANUP_JSON struct json_object *there = find(request, import->path), *above = NULL;
  const char *slash = strrchr(import->path, '/');
  const char *parent = slash == import->path
                           ? "/"
                           : arena_strndup(request->arena, import->path, (size_t)(slash - import->path));

  above = find(request, parent);
  if (!above || !is_directory(above))
    return reply_missing(request, "The parent folder (%s) does not exist.", parent);
  if (there && (is_directory(there) || !import->overwrite))
    return reply_error(request, 400, "RESOURCE_ALREADY_EXISTS", "Path (%s) already exists.", import->path);
  return true;
}

static struct json_object *
import_object(struct request *request)
{
  struct import import = {0};
  struct json_object *body;
  const char *bytes, *type;
  size_t length;

  if (!read_import(request, &import)) return NULL;
  bytes = decode_base64(request->arena, import.content, &length);
  if (!bytes) {
    reply_invalid(request, "content is not base64.");
    return NULL;
  }
  if (length > CONTENT_MAX) {
    reply_error(request, 400, "MAX_NOTEBOOK_SIZE_EXCEEDED",
                "File size imported is (%zu bytes), exceeded max size (%zu bytes)", length, CONTENT_MAX);
    return NULL;
  }
  if (!(type = decide_type(request, &import, bytes, length)) || !check_target(request, &import)) return NULL;
  if (str_eq(import.format, "SOURCE")) mark_source(request, &import, bytes, length);
  body = json_object_new_object();
  json_add_text(body, "content", import.content);
  json_add_int(body, "size", (int64_t)length);
  if (str_eq(type, "NOTEBOOK")) json_add_text(body, "language", import.language);
  put(request, import.path, type, body);
  return json_object_new_object();
}

static void
export_object(struct request *request)
{
  const char *path = query_required(request, "path"), *bytes, *content;
  CLEANUP_JSON struct json_object *body = NULL;
  struct json_object *out;
  bool direct;
  size_t length;

  if (!path || !query_bool(request, "direct_download", false, &direct)) return;
  store_enter(&request->session);
  body = find(request, path);
  store_leave(&request->session, true);
  if (!body) {
    no_object(request, path);
    return;
  }
  if (is_directory(body)) {
    reply_error(request, 501, "NOT_IMPLEMENTED", "The sandbox does not export folders.");
    return;
  }
  content = json_get_text(body, "content");
  if (direct) {
    bytes = decode_base64(request->arena, content, &length);
    reply_json_text(request, 200, xstrndup(bytes, length), length);
    request->reply.content_type = "application/octet-stream";
    return;
  }
  out = json_object_new_object();
  json_add_text(out, "content", content);
  json_add_text(out, "file_type", json_get_text(body, "object_type"));
  reply_json(request, 200, out);
}

#define TREE "/api/2.0/workspace/"

const struct route tree_routes[] = {
    ROUTE_WORK("GET", TREE "get-status", get_status),
    ROUTE_WORK("GET", TREE "list", list_objects),
    ROUTE_WORK("POST", TREE "mkdirs", make_directories),
    ROUTE_WORK("POST", TREE "delete", delete_object),
    ROUTE_WORK("POST", TREE "import", import_object),
    ROUTE("GET", TREE "export", export_object),
    ROUTE_END,
};
