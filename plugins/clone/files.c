/* SPDX-License-Identifier: Apache-2.0 */
/* Files in volumes. Both sides are listed before the plan is made, and each file that the copy lacks, or has
 * of another size or of an earlier date, becomes a step of its own, so that a dry run shows it, a journal
 * remembers it and a rollback takes it back. What only the copy has stays.
 * https://docs.databricks.com/api/workspace/files */
#include "kit/files/files.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/map.h"
#include "base/str.h"
#include "clone.h"

#include "base/banned.h"

/* One volume of the source and its copy. */
struct pair {
  const struct clone_copy *copy;
  struct files_tree *from, *to; /* TO is NULL while the copy is not there */
  struct map *directories;      /* path to the step that makes (or refuses) it, from 1 */
  uint64_t files, unchanged;    /* in all; those that the copy has */
  int64_t bytes;                /* that will be copied */
};

static size_t
add_entry(struct clone *clone, const struct pair *pair, const char *kind, const char *path)
{
  const struct files_volume *to = &pair->from->volume;
  const char *names[] = {clone->options.dest, pair->copy->schema, pair->copy->name};
  const char *label = clxs_textf(clone->call, "%s.%s.%s/%s%s", to->catalog, to->schema, to->name, path,
                                 str_eq(kind, "directory") ? "/" : "");

  return plan_add_object(clone->plan, kind, names, ARRAY_SIZE(names), label);
}

static size_t
refuse(struct clone *clone, const struct pair *pair, const char *kind, const char *path,
       const char *error_class, const char *reason)
{
  return plan_add_refusal(clone->plan, add_entry(clone, pair, kind, path), PLAN_REFUSED, error_class, reason);
}

/* The path of a request for PATH on the side that VOLUME is. */
static const char *
request_path(struct clone *clone, const char *collection, const struct files_volume *volume, const char *path)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  files_add_path(&text, collection, volume, path);
  return arena_strdup(clone->plan->arena, text.data);
}

static struct files_volume
destination_of(const struct clone *clone, const struct pair *pair)
{
  return (struct files_volume){clone->options.dest, pair->copy->schema, pair->copy->name, NULL};
}

/* STEP waits for what makes the directory that PATH is in, or the volume. */
static void
wait_for_parent(struct clone *clone, const struct pair *pair, size_t step, const char *path)
{
  const char *slash = strrchr(path, '/');
  const char *parent = slash ? clxs_textf(clone->call, "%.*s", (int)(slash - path), path) : NULL;
  size_t made = parent ? (size_t)(uintptr_t)map_get(pair->directories, parent) : 0;

  if (made)
    plan_add_order(clone->plan, step, made - 1);
  else if (pair->copy->made != CLONE_NO_STEP)
    plan_add_order(clone->plan, step, pair->copy->made);
}

static size_t
add_directory(struct clone *clone, const struct pair *pair, const char *path)
{
  struct files_volume to = destination_of(clone, pair);
  size_t index = plan_add_step(clone->plan, add_entry(clone, pair, "directory", path), "make directory");
  struct plan_step *step = plan_step(clone->plan, index);

  step->via = PLAN_REST;
  step->flags = PLAN_IDEMPOTENT;
  step->method = "PUT";
  step->path = request_path(clone, "directories", &to, path);
  step->undo.prior = PLAN_PRIOR_ABSENT;
  wait_for_parent(clone, pair, index, path);
  return index;
}

static void
add_file(struct clone *clone, const struct pair *pair, const struct files_entry *file,
         const struct files_entry *there)
{
  struct files_volume to = destination_of(clone, pair);
  size_t index = plan_add_step(clone->plan, add_entry(clone, pair, "file", file->path),
                               there ? "replace file" : "copy file");
  struct plan_step *step = plan_step(clone->plan, index);

  step->via = PLAN_COPY;
  step->flags = PLAN_IDEMPOTENT;
  step->reads = request_path(clone, "files", &pair->from->volume, file->path);
  step->path = request_path(clone, "files", &to, file->path);
  step->bytes = file->size;
  step->modified_ms = file->modified_ms;
  step->check.how = PLAN_CHECK_FILE;
  step->check.path = step->path;
  step->undo.prior = there ? PLAN_PRIOR_UNKNOWN : PLAN_PRIOR_ABSENT;
  wait_for_parent(clone, pair, index, file->path);
}

/* Why an entry cannot be copied, or NULL. */
static const char *
entry_problem(struct clone *clone, const struct pair *pair, const struct files_entry *entry,
              const struct files_entry *there)
{
  const struct files_problem *unknown = files_find_problem(pair->to, entry->path);

  if (unknown)
    return clxs_textf(clone->call, "what the destination has there cannot be listed: %s", unknown->reason);
  if (there && there->directory != entry->directory)
    return there->directory ? "the destination has a directory of this name; remove or rename it"
                            : "the destination has a file of this name; remove or rename it";
  if (entry->size > FILES_MAX) return "it is larger than the 5 GiB that the Files API takes at once";
  return NULL;
}

/* The copy is as large, and was written after the original. */
static bool
is_copied(const struct files_entry *file, const struct files_entry *there)
{
  return there && !there->directory && there->size == file->size && there->modified_ms >= file->modified_ms;
}

static void
plan_entry(struct clone *clone, struct pair *pair, const struct files_entry *entry)
{
  const struct files_entry *there = files_find(pair->to, entry->path);
  const char *problem = entry_problem(clone, pair, entry, there);
  const char *kind = entry->directory ? "directory" : "file";
  size_t step;

  pair->files += !entry->directory;
  if (problem && entry->directory) {
    step = refuse(clone, pair, kind, entry->path, NULL, problem);
    map_set(pair->directories, entry->path, (void *)(uintptr_t)(step + 1));
  } else if (problem) {
    refuse(clone, pair, kind, entry->path, NULL, problem);
  } else if (entry->directory) {
    /* Those that will hold files are made with the first of them. One that is new in a volume that is not is
     * made by itself, so that a rollback knows of it. */
    if (there || (entry->filled && !pair->to)) return;
    step = add_directory(clone, pair, entry->path);
    map_set(pair->directories, entry->path, (void *)(uintptr_t)(step + 1));
  } else if (is_copied(entry, there)) {
    pair->unchanged++;
  } else {
    pair->bytes += entry->size;
    add_file(clone, pair, entry, there);
  }
}

static void
set_note(struct clone *clone, const struct pair *pair)
{
  CLEANUP_BUF struct buf note = BUF_INIT(BUF_SQL);
  uint64_t copied = pair->files - pair->unchanged;

  buf_addf(&note, "%llu file%s to copy, ", (unsigned long long)copied, copied == 1 ? "" : "s");
  files_add_size(&note, pair->bytes);
  if (pair->unchanged) buf_addf(&note, "; %llu there already", (unsigned long long)pair->unchanged);
  clone->plan->objects.at[pair->copy->object].note = arena_strdup(clone->plan->arena, note.data);
}

static void
plan_pair(struct clone *clone, struct pair *pair)
{
  CLEANUP_MAP struct map *directories = map_new();

  pair->directories = directories;
  if (pair->to && pair->to->absent) pair->to = NULL;
  VEC_EACH (&pair->from->problems, problem)
    refuse(clone, pair, "directory", problem->path, problem->error_class,
           clxs_textf(clone->call, "its files cannot be listed: %s", problem->reason));
  VEC_EACH (&pair->from->entries, entry)
    plan_entry(clone, pair, entry);
  clone->files_unchanged += pair->unchanged;
  set_note(clone, pair);
}

/* The volumes that will be at the destination, each with the trees that have to be read for it. */
static size_t
find_pairs(struct clone *clone, struct pair *pairs, struct files_tree *trees, size_t *tree_count)
{
  size_t count = 0;

  *tree_count = 0;
  for (size_t i = 0; i < clone->source->schemas.count; i++) {
    const struct model_schema *schema = &clone->source->schemas.at[i];

    VEC_EACH (&schema->volumes, volume) {
      struct clone_copy *copy = clone_find_copy(clone, "volumes", schema->item.name, volume->item.name);

      if (!copy) continue;
      pairs[count] = (struct pair){.copy = copy, .from = &trees[(*tree_count)++]};
      pairs[count].from->volume =
          (struct files_volume){clone->source->item.name, schema->item.name, volume->item.name, NULL};
      if (copy->to) {
        pairs[count].to = &trees[(*tree_count)++];
        pairs[count].to->volume = destination_of(clone, &pairs[count]);
      }
      count++;
    }
  }
  return count;
}

clxs_status
clone_add_files(struct clone *clone)
{
  struct arena *arena = clone->plan->arena;
  size_t most = 0, count, tree_count;
  struct files_tree *trees;
  struct pair *pairs;
  clxs_status status;

  VEC_EACH (&clone->source->schemas, schema)
    most += schema->volumes.count;
  pairs = arena_array(arena, most + 1, sizeof *pairs);
  trees = arena_array(arena, 2 * most + 1, sizeof *trees);
  count = find_pairs(clone, pairs, trees, &tree_count);
  status = files_list(clone->call, trees, tree_count, clone->options.width, "Listing files");
  for (size_t i = 0; i < count && status >= 0; i++)
    plan_pair(clone, &pairs[i]);
  for (size_t i = 0; i < tree_count; i++)
    files_tree_free(&trees[i]);
  return status;
}

struct totals {
  size_t planned, copied;
  int64_t planned_bytes, copied_bytes;
};

static struct totals
count_files(const struct clone *clone, const struct executor_results *results)
{
  struct totals totals = {0};

  totals.planned = plan_count_files(clone->plan, &totals.planned_bytes);
  for (size_t i = 0; i < clone->plan->steps.count; i++) {
    if (clone->plan->steps.at[i].via != PLAN_COPY || results->steps[i].state != PLAN_DONE) continue;
    totals.copied_bytes += clone->plan->steps.at[i].bytes;
    totals.copied++;
  }
  return totals;
}

void
clone_add_file_totals(struct buf *head, const struct clone *clone, const struct executor_results *results)
{
  struct totals totals = count_files(clone, results);

  if (!clone->options.copy_files && !totals.planned) return;
  buf_addf(head,
           ",\"files\":{\"to_copy\":%zu,\"bytes\":%lld,\"copied\":%zu,\"bytes_copied\":%lld,"
           "\"unchanged\":%llu}",
           totals.planned, (long long)totals.planned_bytes, totals.copied, (long long)totals.copied_bytes,
           (unsigned long long)clone->files_unchanged);
}

void
clone_print_files(const struct clone *clone, const struct executor_results *results)
{
  struct totals totals = count_files(clone, results);
  bool dry = clone->options.dry_run;
  CLEANUP_BUF struct buf line = BUF_INIT(BUF_LARGE);

  if (!clone->options.copy_files && !totals.planned) return;
  buf_addf(&line, "Files: %zu %s, ", dry ? totals.planned : totals.copied, dry ? "to copy" : "copied");
  files_add_size(&line, dry ? totals.planned_bytes : totals.copied_bytes);
  if (clone->files_unchanged)
    buf_addf(&line, "; %llu there already", (unsigned long long)clone->files_unchanged);
  clxs_output(clone->call)->text(clone->call, line.data);
}
