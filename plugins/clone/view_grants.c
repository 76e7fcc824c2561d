/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on a view that is about to be replaced (grants, tags, properties, its owner) as statements for
 * the way back; its text and its columns are said elsewhere.
 * https://docs.databricks.com/api/workspace/grants/get */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/model/grants.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

static void
add_grant(struct clone *clone, struct buf *json, const char *schema, const char *view,
          const struct model_grant *grant)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "GRANT ");
  for (const char *c = grant->privilege; *c; c++)
    buf_add_char(&text, *c == '_' ? ' ' : *c); /* USE_SCHEMA is written USE SCHEMA in a statement */
  buf_add_text(&text, " ON VIEW ");
  clone_add_name(&text, clone->options.dest, schema, view);
  buf_add_text(&text, " TO ");
  sql_add_name(&text, grant->principal);
  buf_add_char(json, ',');
  buf_add_json(json, text.data);
}

/* ALTER VIEW|TABLE `v` [ALTER COLUMN `c`] SET TAGS|TBLPROPERTIES ('key' = 'value') */
static void
add_pair(struct clone *clone, struct buf *json, const char *schema, const char *view, const char *column,
         const char *what, const char *key, const char *value)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_addf(&text, "ALTER %s ", column ? "TABLE" : "VIEW");
  clone_add_name(&text, clone->options.dest, schema, view);
  if (column) {
    buf_add_text(&text, " ALTER COLUMN ");
    sql_add_name(&text, column);
  }
  buf_addf(&text, " SET %s (", what);
  sql_add_literal(&text, key);
  buf_add_text(&text, " = ");
  sql_add_literal(&text, value ? value : "");
  buf_add_char(&text, ')');
  buf_add_char(json, ',');
  buf_add_json(json, text.data);
}

static void
add_owner(struct clone *clone, struct buf *json, const char *schema, const struct model_table *view)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (!clone_is_person(view->item.owner)) return;
  buf_add_text(&text, "ALTER VIEW ");
  clone_add_name(&text, clone->options.dest, schema, view->item.name);
  buf_add_text(&text, " OWNER TO ");
  sql_add_name(&text, view->item.owner);
  buf_add_char(json, ',');
  buf_add_json(json, text.data);
}

/* Who gives the view away may lose the right to grant, so the owner comes last. */
static void
add_rest(struct clone *clone, struct buf *json, const char *schema, const struct model_table *view)
{
  for (uint32_t i = 0; i < view->item.tag_count; i++) {
    const struct model_tag *tag = &view->item.tags[i];

    add_pair(clone, json, schema, view->item.name, tag->column, "TAGS", tag->key, tag->value);
  }
  for (uint32_t i = 0; i < view->property_count; i++) {
    const struct model_property *property = &view->properties[i];

    if (clone_is_own_property(property->key))
      add_pair(clone, json, schema, view->item.name, NULL, "TBLPROPERTIES", property->key, property->value);
  }
  add_owner(clone, json, schema, view);
}

void
clone_add_view_grants(struct clone *clone, struct buf *json, const char *schema,
                      const struct model_table *view)
{
  struct model_item *item = model_find_item(clone->dest, "view", schema, view->item.name);
  const struct model_securable wanted = {clone->dest, "table", schema, item};
  const struct clxs_error *error;
  const char *problem;
  clxs_status status = model_read_grants_of(clone->call, &wanted, 1, 1);

  error = clone->call->core->error(clone->call);
  problem = status >= 0 ? item->grants_problem : error ? error->message : "the service could not be asked";
  if (problem)
    plan_add_warning(clone->plan,
                     clxs_textf(clone->call,
                                "the grants of view %s.%s could not be read, so a rollback cannot give "
                                "them back: %s",
                                schema, view->item.name, problem));
  if (status < 0) clone->call->core->error_clear(clone->call);
  for (uint32_t i = 0; i < item->grant_count; i++)
    add_grant(clone, json, schema, view->item.name, &item->grants[i]);
  add_rest(clone, json, schema, view);
}
