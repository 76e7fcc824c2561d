/* SPDX-License-Identifier: Apache-2.0 */
/* Grants: those that are made on an object itself, never inherited ones; one PATCH per object with what is
 * missing. What only the destination grants stays. They come behind everything that protects the copy.
 * https://docs.databricks.com/api/workspace/grants */
#include "kit/model/grants.h"
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"

#include "base/banned.h"

static const char *
permission_kind(const struct clone_copy *copy)
{
  return str_eq(copy->collection, "tables") ? "table" : copy->kind; /* views are tables */
}

clxs_status
clone_read_grants(struct clone *clone)
{
  VEC(struct model_securable) list = {0};
  clxs_status status;

  VEC_EACH (&clone->copies, copy)
    *VEC_ADD(&list) =
        (struct model_securable){clone->source, permission_kind(copy), copy->schema, copy->from};
  status = model_read_grants_of(clone->call, list.at, list.count, clone->options.width);
  list.count = 0;
  /* Those of the destination matter where something is to be granted, or would be lost. */
  VEC_EACH (&clone->copies, copy)
    if (copy->old && !copy->old->grants && (copy->from->grant_count || copy->replaced))
      *VEC_ADD(&list) = (struct model_securable){clone->dest, permission_kind(copy), copy->schema, copy->old};
  if (status >= 0) status = model_read_grants_of(clone->call, list.at, list.count, clone->options.width);
  VEC_FREE(&list);
  return status;
}

struct changes {
  struct buf *add, *back; /* of the PATCH, and of the one that takes it back */
};

/* {"principal":..,"add":[..]} with what ITEM grants to one principal and nobody else does, from its grant
 * FROM on; the first grant behind them. HELD and ALSO hold already, or will. */
static uint32_t
add_change(const struct changes *changes, const struct model_item *item, uint32_t from,
           const struct model_item *held, const struct model_item *also)
{
  const char *principal = item->grants[from].principal;
  CLEANUP_BUF struct buf missing = BUF_INIT(BUF_LARGE), who = BUF_INIT(BUF_LARGE);
  uint32_t i;

  for (i = from; i < item->grant_count && str_eq(item->grants[i].principal, principal); i++) {
    const char *privilege = item->grants[i].privilege;

    if (model_is_granted(held, principal, privilege) || model_is_granted(also, principal, privilege))
      continue;
    if (missing.len) buf_add_char(&missing, ',');
    buf_add_json(&missing, privilege);
  }
  if (!missing.len) return i;
  buf_add_json(&who, principal);
  buf_addf(changes->add, "%s{\"principal\":%s,\"add\":[%s]}", changes->add->len ? "," : "", who.data,
           missing.data);
  buf_addf(changes->back, "%s{\"principal\":%s,\"remove\":[%s]}", changes->back->len ? "," : "", who.data,
           missing.data);
  return i;
}

static void
add_copy_grants(struct clone *clone, struct clone_copy *copy)
{
  CLEANUP_BUF struct buf add = BUF_INIT(BUF_LARGE), back = BUF_INIT(BUF_LARGE);
  const struct changes changes = {&add, &back};
  const char *path = clone_object_path(
      clone, clxs_textf(clone->call, "permissions/%s", permission_kind(copy)), copy->schema, copy->name);

  for (uint32_t i = 0; i < copy->from->grant_count;)
    i = add_change(&changes, copy->from, i, copy->to, NULL);
  /* What takes an old one's place keeps what the old one granted. */
  for (uint32_t i = 0; copy->replaced && copy->old && i < copy->old->grant_count;)
    i = add_change(&changes, copy->old, i, copy->to, copy->from);
  if (!add.len) return;
  copy->grant =
      clone_add_patch(clone, copy, "grant", path, clxs_textf(clone->call, "{\"changes\":[%s]}", add.data),
                      clxs_textf(clone->call, "{\"changes\":[%s]}", back.data));
  if (copy->guard != CLONE_NO_STEP) plan_add_order(clone->plan, copy->grant, copy->guard);
}

static const char *
problem_of(const struct clone_copy *copy)
{
  if (copy->from->grants_problem) return copy->from->grants_problem;
  return copy->old ? copy->old->grants_problem : NULL;
}

/* Who may read a whole schema may read it only when its filters and masks are set. */
static void
hold_container(struct clone *clone, const char *collection, const char *schema, size_t guard)
{
  struct clone_copy *container = clone_find_copy(clone, collection, schema, NULL);

  if (container && container->grant != CLONE_NO_STEP) plan_add_order(clone->plan, container->grant, guard);
}

void
clone_add_grants(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy) {
    if (problem_of(copy))
      plan_add_refusal(
          clone->plan, clone_copy_object(clone, copy), PLAN_REFUSED, NULL,
          clxs_textf(clone->call, "its grants cannot be read, so they are not copied: %s", problem_of(copy)));
    else
      add_copy_grants(clone, copy);
  }
  VEC_EACH (&clone->copies, copy) {
    if (copy->guard == CLONE_NO_STEP) continue;
    hold_container(clone, "schemas", copy->schema, copy->guard);
    hold_container(clone, "catalogs", NULL, copy->guard);
  }
}
