/* SPDX-License-Identifier: Apache-2.0 */
/* Small things the translator's files share: texts, literals, aliases, and looking for aggregates and windows
 * in a tree. */
#include "query/tx.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "query/builtin.h"
#include "query/parse.h"

#include "base/banned.h"

const char *
tx_printf(struct tx *tx, const char *format, ...)
{
  va_list args;
  const char *text;

  va_start(args, format);
  text = arena_vprintf(tx->arena, format, args);
  va_end(args);
  return text;
}

/* LENGTH SIZE_MAX: up to the NUL. */
const char *
tx_literal(struct arena *arena, const char *text, size_t length)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (length == SIZE_MAX) length = strlen(text);
  if (memchr(text, '\0', length)) {
    buf_add_text(&buf, "CAST(X'");
    for (size_t i = 0; i < length; i++)
      buf_addf(&buf, "%02x", (unsigned int)(unsigned char)text[i]);
    buf_add_text(&buf, "' AS TEXT)");
  } else {
    buf_add_char(&buf, '\'');
    for (size_t i = 0; i < length; i++) {
      if (text[i] == '\'') buf_add_char(&buf, '\'');
      buf_add_char(&buf, text[i]);
    }
    buf_add_char(&buf, '\'');
  }
  return arena_strndup(arena, buf.data, buf.len);
}

const char *
tx_alias(struct tx *tx)
{
  return tx_printf(tx, "t%u", ++tx->next_alias);
}

struct tx_column *
tx_scope_add(struct arena *arena, struct tx_scope *scope)
{
  scope->columns = ast_grow(arena, scope->columns, scope->count, sizeof *scope->columns);
  return &scope->columns[scope->count++];
}

bool
tx_unsupported(struct tx *tx, const char *what)
{
  return fault_set(tx->session, "UNSUPPORTED_FEATURE.SANDBOX", "0A000",
                   "The feature is not supported: %s is not supported by the sandbox.", what);
}

/* Whether TEST holds of EXPR or of anything in it, subqueries apart. */
static bool
any_node(const struct ast_expr *expr, bool (*test)(const struct ast_expr *))
{
  if (!expr) return false;
  if (test(expr)) return true;
  for (size_t i = 0; i < expr->arg_count; i++)
    if (any_node(expr->args[i], test)) return true;
  if (any_node(expr->operand, test) || any_node(expr->otherwise, test)) return true;
  if (expr->window) {
    for (size_t i = 0; i < expr->window->partition_count; i++)
      if (any_node(expr->window->partition[i], test)) return true;
    for (size_t i = 0; i < expr->window->order_count; i++)
      if (any_node(expr->window->order[i].expr, test)) return true;
  }
  return false;
}

static bool
is_aggregate(const struct ast_expr *expr)
{
  const struct builtin *builtin;

  if (expr->kind != AST_CALL || expr->window || expr->name.count != 1) return false;
  builtin = builtin_find(expr->name.parts[0]);
  return builtin && builtin->aggregate;
}

static bool
is_window(const struct ast_expr *expr)
{
  return expr->kind == AST_CALL && expr->window;
}

bool
tx_has_aggregate(const struct ast_expr *expr)
{
  return any_node(expr, is_aggregate);
}

bool
tx_has_window(const struct ast_expr *expr)
{
  return any_node(expr, is_window);
}

const char *
tx_name_quoted(struct arena *arena, const struct ast_name *name)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < name->count; i++) {
    buf_add_text(&buf, i ? ".`" : "`");
    for (const char *c = name->parts[i]; *c; c++) {
      if (*c == '`') buf_add_char(&buf, '`');
      buf_add_char(&buf, *c);
    }
    buf_add_char(&buf, '`');
  }
  return arena_strndup(arena, buf.data, buf.len);
}

const char *
tx_quoted(struct tx *tx, const struct ast_expr *expr)
{
  return tx_printf(tx, "\"%s\"", tx_item_name(tx->arena, expr));
}

struct tx_scope *
tx_query_scope(struct tx_scope *scope)
{
  while (scope && scope->parameters)
    scope = scope->outer;
  return scope;
}
