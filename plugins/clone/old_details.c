/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on a view or function that is about to be replaced, as statements for the way back: grants, and
 * of views tags, properties and the owner. Tags of functions are taken back step by step.
 * https://docs.databricks.com/api/workspace/grants/get */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/model/grants.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

static void
add_grant(struct clone *clone, struct buf *json, const char *kind, const char *schema, const char *name,
          const struct model_grant *grant)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "GRANT ");
  for (const char *c = grant->privilege; *c; c++)
    buf_add_char(&text, *c == '_' ? ' ' : *c); /* USE_SCHEMA is written USE SCHEMA in a statement */
  buf_addf(&text, " ON %s ", str_eq(kind, "view") ? "VIEW" : "FUNCTION");
  clone_add_name(&text, clone->options.dest, schema, name);
  buf_add_text(&text, " TO ");
  sql_add_name(&text, grant->principal);
  buf_add_char(json, ',');
  buf_add_json(json, text.data);
}

/* Columns of views are altered as those of tables. */
static void
add_tag(struct clone *clone, struct buf *json, const char *schema, const char *view,
        const struct model_tag *tag)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_addf(&text, "ALTER %s ", tag->column ? "TABLE" : "VIEW");
  clone_add_name(&text, clone->options.dest, schema, view);
  if (tag->column) {
    buf_add_text(&text, " ALTER COLUMN ");
    sql_add_name(&text, tag->column);
  }
  buf_add_text(&text, " SET TAGS (");
  clone_add_tag_pair(&text, tag);
  buf_add_char(&text, ')');
  buf_add_char(json, ',');
  buf_add_json(json, text.data);
}

/* ALTER VIEW `v` WORDS */
static void
add_alter(struct clone *clone, struct buf *json, const char *schema, const char *view, const char *words)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "ALTER VIEW ");
  clone_add_name(&text, clone->options.dest, schema, view);
  buf_addf(&text, " %s", words);
  buf_add_char(json, ',');
  buf_add_json(json, text.data);
}

static void
add_properties(struct clone *clone, struct buf *json, const char *schema, const struct model_table *view)
{
  for (uint32_t i = 0; i < view->property_count; i++) {
    const struct model_property *property = &view->properties[i];
    CLEANUP_BUF struct buf words = BUF_INIT(BUF_SQL);

    if (!clone_is_own_property(property->key)) continue;
    buf_add_text(&words, "SET TBLPROPERTIES (");
    sql_add_literal(&words, property->key);
    buf_add_text(&words, " = ");
    sql_add_literal(&words, property->value ? property->value : "");
    buf_add_char(&words, ')');
    add_alter(clone, json, schema, view->item.name, words.data);
  }
}

/* Who gives the view away may lose the right to do the rest, so it comes last. */
static void
add_owner(struct clone *clone, struct buf *json, const char *schema, const struct model_item *view)
{
  CLEANUP_BUF struct buf words = BUF_INIT(BUF_SQL);

  if (!clone_is_person(view->owner)) return;
  buf_add_text(&words, "OWNER TO ");
  sql_add_name(&words, view->owner);
  add_alter(clone, json, schema, view->name, words.data);
}

void
clone_add_old_details(struct clone *clone, struct buf *json, const char *kind, const char *schema,
                      const char *name)
{
  struct model_item *item = model_find_item(clone->dest, kind, schema, name);
  const struct model_securable wanted = {clone->dest, str_eq(kind, "view") ? "table" : kind, schema, item};
  const struct clxs_error *error;
  const char *problem;
  bool view = str_eq(kind, "view");
  clxs_status status = model_read_grants_of(clone->call, &wanted, 1, 1);

  error = clone->call->core->error(clone->call);
  problem = status >= 0 ? item->grants_problem : error ? error->message : "the service could not be asked";
  if (problem)
    plan_add_warning(clone->plan,
                     clxs_textf(clone->call,
                                "the grants of %s %s.%s could not be read, so a rollback cannot give "
                                "them back: %s",
                                kind, schema, name, problem));
  if (status < 0) clone->call->core->error_clear(clone->call);
  for (uint32_t i = 0; view && i < item->tag_count; i++)
    add_tag(clone, json, schema, name, &item->tags[i]);
  if (view) add_properties(clone, json, schema, (const struct model_table *)item);
  for (uint32_t i = 0; i < item->grant_count; i++)
    add_grant(clone, json, kind, schema, name, &item->grants[i]);
  if (view) add_owner(clone, json, schema, item);
}
