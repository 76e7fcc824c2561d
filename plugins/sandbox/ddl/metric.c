/* SPDX-License-Identifier: Apache-2.0 */
/* Metric views: what YAML says is turned into one query, whose columns are the view's.
 * https://docs.databricks.com/metric-views/data-modeling/syntax.html */
#include "ddl/metric.h"

#include <string.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "ddl/column.h"
#include "ddl/read.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

static bool
invalid(struct session *session, const char *why)
{
  return fault_raise(session, "METRIC_VIEW_INVALID_VIEW_DEFINITION",
                     "The metric view definition is invalid: %s.", why);
}

static yaml_node_t *
member(yaml_document_t *document, const yaml_node_t *node, const char *key)
{
  if (!node || node->type != YAML_MAPPING_NODE) return NULL;
  for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    const yaml_node_t *name = yaml_document_get_node(document, pair->key);

    if (name->type == YAML_SCALAR_NODE && str_eq((const char *)name->data.scalar.value, key))
      return yaml_document_get_node(document, pair->value);
  }
  return NULL;
}

static const char *
scalar(struct session *session, yaml_document_t *document, const yaml_node_t *node, const char *key)
{
  const yaml_node_t *value = member(document, node, key);

  if (!value || value->type != YAML_SCALAR_NODE) return NULL;
  return arena_strdup(session->arena, (const char *)value->data.scalar.value);
}

/* "expr AS `name`" for each item of the sequence called KEY. */
static bool
add_items(struct session *session, yaml_document_t *document, const yaml_node_t *root, const char *key,
          struct buf *sql, size_t *count)
{
  const yaml_node_t *items = member(document, root, key);

  if (!items) return true;
  if (items->type != YAML_SEQUENCE_NODE) return invalid(session, "dimensions and measures are lists");
  for (yaml_node_item_t *item = items->data.sequence.items.start; item < items->data.sequence.items.top;
       item++) {
    const yaml_node_t *node = yaml_document_get_node(document, *item);
    const char *name = scalar(session, document, node, "name"),
               *expr = scalar(session, document, node, "expr");

    if (!name || !expr) return invalid(session, "every dimension and measure has a name and an expr");
    buf_addf(sql, "%s%s AS ", (*count)++ ? ", " : " ", expr);
    sql_add_name(sql, name);
  }
  return true;
}

/* The columns of one list; measures aggregate and cannot stand beside dimensions in one plain query. */
static bool
describe_list(struct session *session, yaml_document_t *document, const yaml_node_t *root, const char *key,
              const char *source, struct table *view)
{
  struct buf sql CLEANUP_BUF = BUF_INIT(BUF_SQL);
  struct query_plan plan;
  struct ast_query *query;
  size_t count = 0;
  struct column *columns;

  buf_add_text(&sql, "SELECT");
  if (!add_items(session, document, root, key, &sql, &count)) return false;
  if (count == 0) return true;
  buf_addf(&sql, " FROM %s", source);
  query = parse_query_text(session, arena_strndup(session->arena, sql.data, sql.len));
  if (!query || !query_to_sqlite(session, query, &plan)) return false;
  columns = arena_array(session->arena, view->column_count + count, sizeof *columns);
  for (size_t i = 0; i < view->column_count; i++)
    columns[i] = view->columns[i];
  for (size_t i = 0; i < count; i++) {
    struct column *column = &columns[view->column_count + i];

    *column = (struct column){.name = plan.columns[i].name, .nullable = true, .partition_index = -1};
    column_set_type(session->arena, column, plan.columns[i].type);
  }
  view->columns = columns;
  view->column_count += count;
  return true;
}

static bool
describe(struct session *session, yaml_document_t *document, struct table *view)
{
  const yaml_node_t *root = yaml_document_get_root_node(document);
  const char *source = root ? scalar(session, document, root, "source") : NULL;

  if (!source) return invalid(session, "it has no source");
  if (str_ieqn(source, "SELECT", 6) || str_ieqn(source, "WITH", 4))
    source = arena_printf(session->arena, "(%s)", source);
  view->columns = NULL;
  view->column_count = 0;
  if (!describe_list(session, document, root, "dimensions", source, view) ||
      !describe_list(session, document, root, "fields", source, view) ||
      !describe_list(session, document, root, "measures", source, view))
    return false;
  return view->column_count > 0 || invalid(session, "it has neither dimensions nor measures");
}

bool
metric_columns(struct session *session, const char *yaml, struct table *view)
{
  yaml_document_t document;
  yaml_parser_t parser;
  bool ok;

  if (!yaml_parser_initialize(&parser)) return invalid(session, "out of memory");
  yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, strlen(yaml));
  ok = yaml_parser_load(&parser, &document);
  if (!ok) {
    invalid(session, arena_printf(session->arena, "line %zu: %s", parser.problem_mark.line + 1,
                                  parser.problem ? parser.problem : "not YAML"));
  } else {
    ok = describe(session, &document, view);
    yaml_document_delete(&document);
  }
  yaml_parser_delete(&parser);
  return ok;
}
