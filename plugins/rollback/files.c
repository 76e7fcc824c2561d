/* SPDX-License-Identifier: Apache-2.0 */
/* Files and directories that the run put into volumes. One that was not there before and is still as the run
 * left it goes; one that the run replaced stays, because what it held is not kept. What goes with its volume
 * needs no word. https://docs.databricks.com/api/workspace/files */
#include "kit/files/files.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/map.h"
#include "base/str.h"
#include "rollback.h"

#include "base/banned.h"

/* What the volumes concerned hold now. */
struct holdings {
  struct undo *undo;
  struct map *volumes; /* "schema.name" of the run's plan to an undo_object */
  struct map *trees;   /* the same to a files_tree */
  struct map *ours;    /* request paths that the run wrote, to an undo_object */
  struct map *now;     /* request paths that are there, to a files_entry */
  struct map *foreign; /* request paths of directories that hold something that stays */
};

bool
undo_is_in_volume(const struct plan_object *object)
{
  return str_eq(object->kind, "file") || str_eq(object->kind, "directory");
}

static const char *
volume_key(struct undo *undo, const struct plan_object *object)
{
  return clxs_textf(undo->call, "%s.%s", object->names[1], object->names[2]);
}

static const char *
entry_path(struct undo *undo, const struct files_tree *tree, const char *path, bool directory)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  files_add_path(&text, directory ? "directories" : "files", &tree->volume, path);
  return clxs_textf(undo->call, "%s", text.data);
}

static const struct plan_step *
first_step(const struct undo *undo, size_t object)
{
  return &undo->image->plan->steps.at[undo->objects[object].first];
}

/* Every request path that the run wrote to. */
static void
find_ours(struct holdings *holdings)
{
  struct undo *undo = holdings->undo;
  const struct plan *plan = undo->image->plan;

  for (size_t i = 0; i < plan->objects.count; i++)
    if (undo->objects[i].first != UNDO_NO_STEP && undo_is_in_volume(&plan->objects.at[i]))
      map_set(holdings->ours, first_step(undo, i)->path, &undo->objects[i]);
}

/* Everything in the directory at PATH and above it is kept from going. */
static void
mark_foreign(struct holdings *holdings, const struct files_tree *tree, const char *path)
{
  const char *slash = strrchr(path, '/');

  while (slash) {
    path = clxs_textf(holdings->undo->call, "%.*s", (int)(slash - path), path);
    map_set(holdings->foreign, entry_path(holdings->undo, tree, path, true), holdings);
    slash = strrchr(path, '/');
  }
}

static void
leave(struct undo_object *it, const char *problem)
{
  it->kind = UNDO_LEAVE;
  it->problem = problem;
}

/* The entry of the tree that the run's STEP wrote. */
static void
judge_entry(struct holdings *holdings, const struct plan_step *step, struct undo_object *it)
{
  const struct files_entry *entry = map_get(holdings->now, step->path);
  const struct journal_image *image = holdings->undo->image;

  it->kind = UNDO_NOTHING;
  it->note = "it is not there";
  if (!entry) return;
  it->kind = UNDO_DROP;
  if (step->undo.prior != PLAN_PRIOR_ABSENT)
    leave(it, "the run replaced it, and what it held before is not kept");
  else if (entry->directory && map_get(holdings->foreign, step->path))
    leave(it, "it holds files that stay");
  else if (!entry->directory && (entry->size != step->bytes ||
                                 (image->finished && entry->modified_ms > image->last_ms + UNDO_SLACK_MS)))
    leave(it, "it was changed after the run");
}

/* Files before directories, because what stays of them keeps its directory. */
static void
judge_entries(struct holdings *holdings, const char *kind)
{
  struct undo *undo = holdings->undo;
  const struct plan *plan = undo->image->plan;

  for (size_t i = 0; i < plan->objects.count; i++) {
    const struct plan_object *object = &plan->objects.at[i];
    struct undo_object *it = &undo->objects[i];
    const struct files_tree *tree;

    if (it->first == UNDO_NO_STEP || !str_eq(object->kind, kind)) continue;
    tree = map_get(holdings->trees, volume_key(undo, object));
    if (!tree) { /* goes with its volume */
      it->kind = UNDO_NOTHING;
      continue;
    }
    if (tree->problems.count)
      leave(it, "what its volume holds now cannot be listed");
    else
      judge_entry(holdings, first_step(undo, i), it);
    if (it->kind == UNDO_LEAVE) {
      const struct files_entry *entry = map_get(holdings->now, first_step(undo, i)->path);

      if (entry) mark_foreign(holdings, tree, entry->path);
    }
  }
}

static void
take_tree(struct holdings *holdings, struct files_tree *tree)
{
  VEC_EACH (&tree->entries, entry) {
    const char *path = entry_path(holdings->undo, tree, entry->path, entry->directory);

    map_set(holdings->now, path, entry);
    /* A directory that nobody wrote to by itself came with the files in it. */
    if (!entry->directory && !map_get(holdings->ours, path)) mark_foreign(holdings, tree, entry->path);
  }
}

/* The volumes that stay and that the run wrote to. */
static size_t
find_trees(struct holdings *holdings, struct files_tree *trees)
{
  struct undo *undo = holdings->undo;
  const struct plan *plan = undo->image->plan;
  size_t count = 0;

  for (size_t i = 0; i < plan->objects.count; i++)
    if (str_eq(plan->objects.at[i].kind, "volume") && undo->objects[i].first != UNDO_NO_STEP)
      map_set(holdings->volumes, volume_key(undo, &plan->objects.at[i]), &undo->objects[i]);
  for (size_t i = 0; i < plan->objects.count; i++) {
    const struct plan_object *object = &plan->objects.at[i];
    const struct undo_object *volume;
    const char *key;

    if (undo->objects[i].first == UNDO_NO_STEP || !undo_is_in_volume(object)) continue;
    key = volume_key(undo, object);
    volume = map_get(holdings->volumes, key);
    if ((volume && volume->kind == UNDO_DROP) || map_get(holdings->trees, key)) continue;
    trees[count].volume = (struct files_volume){object->names[0], object->names[1], object->names[2], NULL};
    map_set(holdings->trees, key, &trees[count++]);
  }
  return count;
}

clxs_status
undo_judge_files(struct undo *undo, bool whole)
{
  const struct plan *plan = undo->image->plan;
  CLEANUP_MAP struct map *volumes = map_new(), *found = map_new(), *ours = map_new(), *now = map_new(),
                         *foreign = map_new();
  struct holdings holdings = {undo, volumes, found, ours, now, foreign};
  size_t most = 0, count = 0;
  struct files_tree *trees;
  clxs_status status;

  VEC_EACH (&plan->objects, object)
    most += undo_is_in_volume(object);
  if (!most) return CLXS_OK;
  trees = undo->call->core->alloc(undo->call, most * sizeof *trees);
  if (!whole) count = find_trees(&holdings, trees);
  status = count ? files_list(undo->call, trees, count, undo->width, "Listing files") : CLXS_OK;
  if (status >= 0) {
    find_ours(&holdings);
    for (size_t i = 0; i < count; i++)
      take_tree(&holdings, &trees[i]);
    judge_entries(&holdings, "file");
    judge_entries(&holdings, "directory");
  }
  for (size_t i = 0; i < count; i++)
    files_tree_free(&trees[i]);
  return status;
}

const char *
undo_volume_problem(struct undo *undo, const struct plan_object *volume)
{
  CLEANUP_MAP struct map *ours = map_new();
  struct holdings holdings = {.undo = undo, .ours = ours};
  struct files_tree tree = {.volume = {volume->names[0], volume->names[1], volume->names[2], NULL}};
  const char *problem = NULL;
  clxs_status status = files_list(undo->call, &tree, 1, undo->width, NULL);

  undo->call->core->error_clear(undo->call);
  if (status < 0 || tree.problems.count) problem = "whether it holds files could not be looked up";
  find_ours(&holdings);
  for (size_t i = 0; i < tree.entries.count && !problem; i++) {
    const struct files_entry *entry = &tree.entries.at[i];

    if (!entry->directory && !map_get(ours, entry_path(undo, &tree, entry->path, false)))
      problem = "it holds files, which the run did not copy";
  }
  files_tree_free(&tree);
  return problem;
}
