/* SPDX-License-Identifier: Apache-2.0 */
/* Long names in expressions: `a.b.c.d` is a column of the relation a.b.c if that is in scope under its own
 * name, else a column with fields. The innermost scope in which the name can mean something decides. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

struct scope *
scope_new(struct parse *parse, struct scope *parent)
{
  struct scope *scope = arena_alloc(parse->found->arena, sizeof *scope);

  scope->parent = parent;
  *VEC_ADD(&parse->found->scopes) = scope;
  return scope;
}

void
scope_add(struct scope *scope, const struct name *name, const char *alias)
{
  struct source *source = VEC_ADD(&scope->sources);

  source->name = name;
  source->alias = alias;
}

/* How a long name and one source get on. */
enum fit { FIT_NONE, FIT_SHORT, FIT_ALIAS, FIT_MAYBE, FIT_WHOLE };

static bool
same_part(const struct part *a, const struct part *b)
{
  return a->value && b->value && utf8_ieq(a->value, b->value);
}

static enum fit
fit_source(const struct name *name, const struct source *source)
{
  const struct name *other = source->name;

  if (source->alias) return utf8_ieq(source->alias, name->parts[0].value) ? FIT_ALIAS : FIT_NONE;
  if (!other || other->count == 0) return FIT_NONE;
  if (same_part(&other->parts[other->count - 1], &name->parts[0])) return FIT_SHORT;
  if (other->count >= 2 && same_part(&other->parts[other->count - 2], &name->parts[0]) &&
      same_part(&other->parts[other->count - 1], &name->parts[1]))
    return FIT_SHORT;
  if (!same_part(&other->parts[other->count - 1], &name->parts[2])) return FIT_NONE;
  if (other->count >= 2 && !same_part(&other->parts[other->count - 2], &name->parts[1])) return FIT_NONE;
  if (other->count == 3) return same_part(&other->parts[0], &name->parts[0]) ? FIT_WHOLE : FIT_NONE;
  return other->count < 3 ? FIT_MAYBE : FIT_NONE;
}

static enum fit
fit_scope(const struct name *name, struct scope *scope)
{
  enum fit best = FIT_NONE;

  VEC_EACH (&scope->lambda, parameter)
    if (utf8_ieq(*parameter, name->parts[0].value)) return FIT_ALIAS;
  VEC_EACH (&scope->sources, source) {
    enum fit fit;

    /* The whole name of a relation goes before anything shorter. */
    if (source->name && !source->alias && source->name->count == 3 &&
        same_part(&source->name->parts[0], &name->parts[0]) &&
        same_part(&source->name->parts[1], &name->parts[1]) &&
        same_part(&source->name->parts[2], &name->parts[2]))
      return FIT_WHOLE;
    fit = fit_source(name, source);
    if (fit > best) best = fit;
  }
  return best;
}

static void
resolve(struct parse *parse, const struct pending *pending)
{
  const struct name *name = pending->name;
  bool shadowed = false;

  for (struct scope *scope = pending->scope; scope; scope = scope->parent) {
    enum fit fit = fit_scope(name, scope);

    if (fit == FIT_WHOLE && !shadowed) {
      note_name(parse, name->count == 3 && !name->star ? SQLTEXT_RELATION : SQLTEXT_COLUMN, name);
      return;
    }
    if (fit >= FIT_MAYBE && name_part_is(name, 0, parse->found->from)) {
      doubt_name(parse, name,
                 fit == FIT_WHOLE ? "a nearer relation has the catalog's name: this may be one of its columns"
                                  : "may name a relation that is in scope under a shorter name");
      return;
    }
    /* A lambda's parameter hides everything; an alias hides only what it turns out to have. */
    if (fit == FIT_ALIAS && scope->lambda.count > 0) return;
    shadowed = shadowed || fit == FIT_ALIAS || fit == FIT_SHORT;
  }
}

void
scope_resolve(struct parse *parse)
{
  VEC_EACH (&parse->pendings, pending)
    resolve(parse, pending);
  parse->pendings.count = 0;
}
