/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as a script. What runs by REST is shown in a comment; for grants and owners the statement that does
 * the same follows. Grants: https://docs.databricks.com/api/workspace/grants/update,
 * https://docs.databricks.com/sql/language-manual/security-grant.html */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/plan/graph.h"
#include "kit/plan/print.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* The semicolon must not end up in a comment that the statement ends with. */
static void
add_statement(struct buf *buf, const char *text)
{
  const char *line = strrchr(text, '\n');

  buf_addf(buf, "%s%s;\n", text, strstr(line ? line : text, "--") ? "\n" : "");
}

static void
add_kind(struct buf *buf, const char *kind)
{
  for (; *kind; kind++)
    buf_add_char(buf, *kind >= 'a' && *kind <= 'z' ? (char)(*kind - 'a' + 'A') : *kind);
}

/* USE_SCHEMA is USE SCHEMA in SQL. False for what cannot be a privilege. */
static bool
add_privilege(struct buf *buf, const char *privilege)
{
  if (!privilege || !*privilege) return false;
  for (; *privilege; privilege++) {
    if (*privilege != '_' && (*privilege < 'A' || *privilege > 'Z')) return false;
    buf_add_char(buf, *privilege == '_' ? ' ' : *privilege);
  }
  return true;
}

/* GRANT or REVOKE of the privileges under KEY of CHANGE. */
static void
add_change(struct buf *buf, const struct plan_object *object, struct json_object *change, const char *key,
           const char *verb, const char *preposition)
{
  struct json_object *privileges = json_get_array(change, key);
  const char *principal = json_get_text(change, "principal");
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (!principal || !json_length(privileges)) return;
  buf_addf(&text, "%s ", verb);
  for (size_t i = 0; i < json_length(privileges); i++) {
    if (i) buf_add_text(&text, ", ");
    if (!add_privilege(&text, json_object_get_string(json_item(privileges, i)))) return;
  }
  buf_add_text(&text, " ON ");
  add_kind(&text, object->kind);
  buf_add_char(&text, ' ');
  sql_add_names(&text, object->names, object->name_count);
  buf_addf(&text, " %s ", preposition);
  sql_add_name(&text, principal);
  buf_addf(buf, "%s;\n", text.data);
}

/* Functions have no ALTER ... OWNER TO. */
static void
add_owner(struct buf *buf, const struct plan_object *object, const char *owner)
{
  if (!owner || str_eq(object->kind, "function")) return;
  buf_add_text(buf, "ALTER ");
  add_kind(buf, object->kind);
  buf_add_char(buf, ' ');
  sql_add_names(buf, object->names, object->name_count);
  buf_add_text(buf, " OWNER TO ");
  sql_add_name(buf, owner);
  buf_add_text(buf, ";\n");
}

static void
add_request(struct buf *buf, const struct plan_object *object, const struct plan_step *step)
{
  const char *body = step->body ? step->body : "";
  CLEANUP_JSON struct json_object *json = json_parse(body, strlen(body), NULL, NULL);
  struct json_object *changes = json_get_array(json, "changes");
  CLEANUP_BUF struct buf call = BUF_INIT(BUF_LARGE);

  plan_add_request(&call, step);
  plan_add_remark(buf, "-- ", "%s", call.data);
  for (size_t i = 0; i < json_length(changes); i++) {
    add_change(buf, object, json_item(changes, i), "add", "GRANT", "TO");
    add_change(buf, object, json_item(changes, i), "remove", "REVOKE", "FROM");
  }
  if (json_object_is_type(json, json_type_object) && json_object_object_length(json) == 1)
    add_owner(buf, object, json_get_text(json, "owner"));
}

/* What unqualified names of a statement mean. The default stays until another statement needs another. */
static void
add_session(struct buf *buf, const struct plan_step *step, const char **catalog, const char **schema)
{
  if (!step->catalog) return;
  if (!str_eq(step->catalog, *catalog)) {
    buf_add_text(buf, "USE CATALOG ");
    sql_add_name(buf, step->catalog);
    buf_add_text(buf, ";\n");
    *schema = NULL;
  }
  if (step->schema && !str_eq(step->schema, *schema)) {
    buf_add_text(buf, "USE SCHEMA ");
    sql_add_name(buf, step->schema);
    buf_add_text(buf, ";\n");
    *schema = step->schema;
  }
  *catalog = step->catalog;
}

void
plan_print_sql(struct buf *buf, const struct plan *plan)
{
  size_t count = plan->steps.count;
  CLEANUP_GRAPH struct graph *graph = plan_graph(plan);
  CLEANUP_FREE size_t *order = xcalloc(count + 1, sizeof *order);
  const char *catalog = NULL, *schema = NULL;

  if (!graph_order(graph, order))
    for (size_t i = 0; i < count; i++)
      order[i] = i;
  for (size_t i = 0; i < count; i++) {
    const struct plan_step *step = &plan->steps.at[order[i]];

    if (step->via == PLAN_REST || step->via == PLAN_COPY)
      add_request(buf, &plan->objects.at[step->object], step);
    if (step->via != PLAN_SQL) continue;
    add_session(buf, step, &catalog, &schema);
    add_statement(buf, step->text);
  }
  plan_add_left_out(buf, plan, "-- ");
}
