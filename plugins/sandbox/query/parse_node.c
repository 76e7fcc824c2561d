/* SPDX-License-Identifier: Apache-2.0 */
/* Making nodes of the syntax tree, and counting how deep they nest. */
#include "query/parse_internal.h"

#include <string.h>

#include "base/arena.h"
#include "engine.h"

#include "base/banned.h"

void *
ast_grow(struct arena *arena, void *at, size_t count, size_t size)
{
  char *more;

  if (count != 0 && (count < 4 || (count & (count - 1)) != 0)) return at;
  more = arena_array(arena, count < 4 ? 4 : count * 2, size);
  if (count) memcpy(more, at, count * size);
  return more;
}

bool
parse_enter(struct cursor *cursor)
{
  if (cursor->depth++ < PARSE_DEPTH_MAX) return true;
  cursor->depth--;
  return fault_set(
      cursor->session, "FAILED_TO_PARSE_TOO_COMPLEX", "54001",
      "The statement, including potential SQL functions and referenced views, was too complex to parse. "
      "To mitigate this error divide the statement into multiple, less complex chunks.");
}

void
parse_leave(struct cursor *cursor)
{
  cursor->depth--;
}

struct ast_expr *
parse_node(struct cursor *cursor, enum ast_kind kind)
{
  struct ast_expr *expr = arena_alloc(cursor->arena, sizeof *expr);

  expr->kind = kind;
  expr->start = cursor_start(cursor);
  return expr;
}

struct ast_expr *
parse_done(struct cursor *cursor, struct ast_expr *expr)
{
  expr->end = cursor_end(cursor);
  return expr;
}

bool
parse_add_arg(struct cursor *cursor, struct ast_expr *expr, struct ast_expr *arg)
{
  if (!arg) return false;
  expr->args = ast_grow(cursor->arena, expr->args, expr->arg_count, sizeof *expr->args);
  expr->args[expr->arg_count++] = arg;
  return true;
}
