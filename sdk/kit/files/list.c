/* SPDX-License-Identifier: Apache-2.0 */
/* Listing whole volumes: level by level, all directories of a level at the same time, since the API shows one
 * directory at a time, in pages. */
#include <clxs/clxs.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/files/files.h"
#include "kit/retry.h"

#include "base/banned.h"

/* A directory to be listed. */
struct place {
  struct files_tree *tree;
  const char *path;
  size_t entry; /* its own among the tree's, SIZE_MAX for the volume itself */
};

struct listing {
  pthread_mutex_t lock; /* of everything below, and of the trees */
  VEC(struct place) now, next;
  const char *progress;
  uint64_t done;
};

/* What one worker finds in one directory, in an arena of its own. */
struct found {
  struct clxs_call *call;
  struct arena *arena;
  const char *path;
  VEC(struct files_entry) entries;
};

void
files_add_path(struct buf *buf, const char *collection, const struct files_volume *volume, const char *path)
{
  const char *const names[] = {volume->catalog, volume->schema, volume->name};

  buf_addf(buf, "/api/2.0/fs/%s/Volumes", collection);
  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    buf_add_char(buf, '/'), buf_add_url(buf, names[i]);
  while (*path) {
    size_t length = strcspn(path, "/");
    CLEANUP_FREE char *part = xstrndup(path, length);

    buf_add_char(buf, '/');
    buf_add_url(buf, part);
    path += length;
    path += *path == '/';
  }
}

void
files_add_size(struct buf *buf, int64_t bytes)
{
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  double size = (double)bytes;
  size_t unit = 0;

  /* What would round to 1024 is one of the next unit. */
  for (; size >= (unit ? 1023.95 : 1024) && unit + 1 < ARRAY_SIZE(units); unit++)
    size /= 1024;
  buf_addf(buf, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

/* The last part of PATH, without the slash that directories may end in. */
static const char *
name_in(struct arena *arena, const char *path)
{
  size_t length = path ? strlen(path) : 0, start;

  while (length > 0 && path[length - 1] == '/')
    length--;
  start = length;
  while (start > 0 && path[start - 1] != '/')
    start--;
  return length > start ? arena_strndup(arena, path + start, length - start) : NULL;
}

static clxs_status
take_entry(void *data, const char *text, size_t length)
{
  struct found *found = data;
  CLEANUP_JSON struct json_object *json = json_parse(text, length, NULL, NULL);
  const char *path = json_get_text(json, "path"),
             *name = name_in(found->arena, path ? path : json_get_text(json, "name"));

  if (!name)
    return clxs_failf(found->call, CLXS_E_DATA, NULL,
                      "the listing of a directory has an entry without a name");
  *VEC_ADD(&found->entries) = (struct files_entry){
      .path = arena_printf(found->arena, "%s%s%s", found->path, *found->path ? "/" : "", name),
      .directory = json_get_bool(json, "is_directory", false),
      .size = json_get_int(json, "file_size", 0),
      .modified_ms = json_get_int(json, "last_modified", 0)};
  return CLXS_OK;
}

static clxs_status
read_directory(struct found *found, const struct files_volume *volume)
{
  struct clxs_call *call = found->call;
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_LARGE);
  struct clxs_request request = {.size = sizeof request, .method = "GET", .workspace = volume->workspace};
  unsigned round = 0;
  clxs_status status;

  files_add_path(&path, "directories", volume, found->path);
  request.path = path.data;
  request.purpose = "list the files of a volume";
  do {
    found->entries.count = 0;
    status = clxs_rest(call)->each(call, &request, "contents", take_entry, found);
  } while (status < 0 && retry_pause(call, status, ++round));
  return status;
}

/* [locked] The texts go over to the tree. */
static void
keep_entries(struct listing *listing, const struct place *place, const struct found *found)
{
  struct files_tree *tree = place->tree;

  if (place->entry != SIZE_MAX) tree->entries.at[place->entry].filled = found->entries.count > 0;
  VEC_EACH (&found->entries, it) {
    struct files_entry *entry = VEC_ADD(&tree->entries);

    *entry = *it;
    entry->path = arena_strdup(tree->arena, it->path);
    if (it->directory) *VEC_ADD(&listing->next) = (struct place){tree, entry->path, tree->entries.count - 1};
  }
}

/* A failure that says something about this directory alone; every other one ends the listing. */
static bool
is_local(clxs_status status)
{
  return status == CLXS_E_DENIED || status == CLXS_E_NOT_FOUND || status == CLXS_E_INVALID ||
         status == CLXS_E_UNSUPPORTED || status == CLXS_E_CONFLICT || status == CLXS_E_DATA;
}

/* [locked] */
static void
keep_problem(struct clxs_call *call, const struct place *place, clxs_status status)
{
  const struct clxs_error *error = call->core->error(call);
  struct files_tree *tree = place->tree;

  if (status == CLXS_E_NOT_FOUND) { /* gone since it was seen */
    if (!*place->path) tree->absent = true;
    return;
  }
  *VEC_ADD(&tree->problems) = (struct files_problem){
      place->path, arena_strdup(tree->arena, error ? error->message : "the service did not say why"),
      error ? arena_strdup(tree->arena, error->error_class) : NULL};
}

static clxs_status
list_one(void *data, struct clxs_call *child, uint64_t index)
{
  struct listing *listing = data;
  const struct place *place = &listing->now.at[index];
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct found found = {.call = child, .arena = arena, .path = place->path};
  clxs_status status = read_directory(&found, &place->tree->volume);
  uint64_t done;

  pthread_mutex_lock(&listing->lock);
  if (status >= 0)
    keep_entries(listing, place, &found);
  else if (is_local(status))
    keep_problem(child, place, status);
  done = ++listing->done;
  pthread_mutex_unlock(&listing->lock);
  if (listing->progress) clxs_output(child)->progress(child, listing->progress, done, 0);
  VEC_FREE(&found.entries);
  if (status < 0 && !is_local(status)) return status;
  child->core->error_clear(child);
  return CLXS_OK;
}

static int
compare(const void *a, const void *b)
{
  return strcmp(((const struct files_entry *)a)->path, ((const struct files_entry *)b)->path);
}

clxs_status
files_list(struct clxs_call *call, struct files_tree *trees, size_t count, uint32_t width,
           const char *progress)
{
  struct listing listing = {.progress = progress};
  clxs_status status = CLXS_OK;

  pthread_mutex_init(&listing.lock, NULL);
  for (size_t i = 0; i < count; i++) {
    trees[i].arena = arena_new();
    *VEC_ADD(&listing.next) = (struct place){&trees[i], "", SIZE_MAX};
  }
  while (status >= 0 && listing.next.count) {
    VEC_FREE(&listing.now);
    listing.now.at = listing.next.at;
    listing.now.count = listing.next.count;
    listing.now.capacity = listing.next.capacity;
    listing.next.at = NULL;
    listing.next.count = listing.next.capacity = 0;
    status = clxs_jobs(call)->each(call, listing.now.count, width, list_one, &listing);
  }
  VEC_FREE(&listing.now);
  VEC_FREE(&listing.next);
  pthread_mutex_destroy(&listing.lock);
  if (progress) clxs_output(call)->progress_end(call);
  for (size_t i = 0; i < count; i++)
    if (trees[i].entries.count)
      qsort(trees[i].entries.at, trees[i].entries.count, sizeof *trees[i].entries.at, compare);
  return status;
}

void
files_tree_free(struct files_tree *tree)
{
  VEC_FREE(&tree->entries);
  VEC_FREE(&tree->problems);
  arena_free(tree->arena);
  tree->arena = NULL;
}

const struct files_entry *
files_find(const struct files_tree *tree, const char *path)
{
  struct files_entry wanted = {.path = path};

  if (!tree || !tree->entries.count) return NULL;
  return bsearch(&wanted, tree->entries.at, tree->entries.count, sizeof *tree->entries.at, compare);
}

const struct files_problem *
files_find_problem(const struct files_tree *tree, const char *path)
{
  for (size_t i = 0; tree && i < tree->problems.count; i++) {
    const struct files_problem *problem = &tree->problems.at[i];
    size_t length = strlen(problem->path);

    if (length == 0 || (strncmp(problem->path, path, length) == 0 && (!path[length] || path[length] == '/')))
      return problem;
  }
  return NULL;
}
