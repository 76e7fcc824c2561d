/* SPDX-License-Identifier: Apache-2.0 */
/* A relation of information_schema as one SQLite SELECT, with the rows that the user may see. The rules are
 * those of store/access, written as conditions so that SQLite does the work for a thousand tables. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "query/query.h"
#include "show/relations.h"
#include "show/show.h"
#include "store/lower.h"
#include "store/store.h"

#include "base/banned.h"

/* Who asks, as SQL: ids of the user and its groups, and their names in lower case. */
struct asker {
  bool admin;
  const char *folds; /* 'a','b' */
};

static void
add_text(struct buf *sql, const char *text)
{
  buf_add_char(sql, '\'');
  for (; *text; text++) {
    if (*text == '\'') buf_add_char(sql, '\'');
    buf_add_char(sql, *text);
  }
  buf_add_char(sql, '\'');
}

static struct asker
asker_read(struct session *session)
{
  CLEANUP_BUF struct buf folds = BUF_INIT(BUF_SQL);
  struct principal principal;
  const char **groups = NULL;
  size_t count = 0;
  struct asker asker = {.admin = session->admin};

  if (principal_find(session, session->user, &principal)) asker.admin = asker.admin || principal.admin;
  principal_groups(session, session->user, &groups, &count);
  add_text(&folds, text_lower(session->arena, session->user));
  for (size_t i = 0; i < count; i++) {
    buf_add_char(&folds, ',');
    add_text(&folds, text_lower(session->arena, groups[i]));
  }
  asker.folds = arena_strdup(session->arena, folds.data);
  return asker;
}

/* "The user owns x". Names of principals compare without case. */
static void
add_owns(struct buf *sql, const struct asker *asker, const char *x)
{
  buf_addf(sql, "lower(%s.owner) IN (%s)", x, asker->folds);
}

static const char *const aliases[] = {"c", "s", "o"};

/* "The user owns the row's object or something above it." */
static void
add_owns_any(struct buf *sql, const struct asker *asker, enum info_level level)
{
  buf_add_char(sql, '(');
  for (int i = 0; i <= (int)level; i++) {
    if (i > 0) buf_add_text(sql, " OR ");
    add_owns(sql, asker, aliases[i]);
  }
  buf_add_char(sql, ')');
}

static void
add_chain_ids(struct buf *sql, enum info_level level)
{
  for (int i = 0; i <= (int)level; i++)
    buf_addf(sql, "%s%s.id", i > 0 ? ", " : "", aliases[i]);
}

/* Every privilege that means something on the row's object. */
static long long
legal_mask(const struct info_relation *relation)
{
  static const enum securable_kind kinds[] = {SEC_CATALOG, SEC_SCHEMA};
  enum securable_kind kind = relation->kind ? (enum securable_kind)relation->kind : kinds[relation->level];

  return (long long)(privilege_legal(kind, NULL) | PRIV_BIT(PRIV_BROWSE) | PRIV_BIT(PRIV_ALL_PRIVILEGES));
}

/* Rows of objects on which the user holds anything. */
static void
add_visible(struct buf *sql, const struct asker *asker, const struct info_relation *relation)
{
  if (asker->admin) return;
  buf_add_text(sql, " AND (");
  add_owns_any(sql, asker, relation->level);
  buf_add_text(sql, " OR EXISTS (SELECT 1 FROM grants vg JOIN principal vp ON vp.id = vg.principal_id WHERE "
                    "vg.securable_id IN (");
  add_chain_ids(sql, relation->level);
  buf_addf(sql, ") AND vp.fold IN (%s) AND (vg.privileges & %lld) <> 0)", asker->folds, legal_mask(relation));
  if (relation->level == INFO_SCHEMA)
    buf_addf(
        sql,
        " OR (s.name = 'information_schema' AND EXISTS (SELECT 1 FROM grants ug JOIN principal up ON up.id = "
        "ug.principal_id WHERE ug.securable_id = c.id AND up.fold IN (%s)))",
        asker->folds);
  buf_add_char(sql, ')');
}

/* Own grants for everybody; all of them for owners. */
static void
add_grants(struct buf *sql, const struct info_relation *relation)
{
  buf_add_text(sql, " JOIN grants g ON g.securable_id IN (");
  add_chain_ids(sql, relation->level);
  buf_add_text(sql, ") JOIN principal p ON p.id = g.principal_id JOIN (");
  for (int i = 0; i < PRIV_COUNT; i++)
    buf_addf(sql, "%s %lld AS bit, '%s' AS name", i > 0 ? " UNION ALL SELECT" : "SELECT",
             (long long)PRIV_BIT((enum privilege)i), privilege_rest_name((enum privilege)i));
  buf_addf(sql, ") v ON (g.privileges & v.bit & %lld) <> 0", legal_mask(relation));
}

static void
add_grants_visible(struct buf *sql, const struct asker *asker, const struct info_relation *relation)
{
  if (asker->admin || !relation->grants) return;
  buf_addf(sql, " AND (p.fold IN (%s) OR ", asker->folds);
  add_owns_any(sql, asker, relation->level);
  buf_add_char(sql, ')');
}

static void
add_from(struct buf *sql, const struct info_relation *relation)
{
  buf_add_text(sql, " FROM securable c");
  if (relation->level >= INFO_SCHEMA)
    buf_addf(sql, " JOIN securable s ON s.parent = c.id AND s.kind = %d AND s.dropped_at IS NULL",
             SEC_SCHEMA);
  if (relation->level >= INFO_OBJECT)
    buf_addf(sql, " JOIN securable o ON o.parent = s.id AND o.kind = %d AND o.dropped_at IS NULL",
             relation->kind);
  buf_add_text(sql, relation->from);
  if (relation->grants) add_grants(sql, relation);
  buf_addf(sql, " WHERE c.kind = %d AND c.dropped_at IS NULL",
           info_of_metastore(relation) ? relation->kind : (int)SEC_CATALOG);
}

/* The column's expression; $own in it is "the user owns the object". */
static void
add_column(struct buf *sql, const struct asker *asker, const char *expression)
{
  const char *mark;

  while ((mark = strstr(expression, "$own")) != NULL) {
    buf_add(sql, expression, (size_t)(mark - expression));
    add_owns(sql, asker, "o");
    expression = mark + strlen("$own");
  }
  buf_add_text(sql, expression);
}

static bool
make_plan(struct session *session, const struct info_relation *relation, const char *catalog,
          struct query_plan *plan)
{
  struct asker asker = asker_read(session);
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);

  plan->column_count = relation->column_count;
  plan->columns = arena_array(session->arena, relation->column_count, sizeof *plan->columns);
  buf_add_text(&sql, "SELECT ");
  for (size_t i = 0; i < relation->column_count; i++) {
    plan->columns[i].name = relation->columns[i].name;
    plan->columns[i].type = type_parse(session, relation->columns[i].type);
    if (!plan->columns[i].type) return false;
    if (i > 0) buf_add_text(&sql, ", ");
    add_column(&sql, &asker, relation->columns[i].sql);
    buf_addf(&sql, " AS k%zu", i);
  }
  if (relation->level == INFO_EMPTY) {
    buf_add_text(&sql, " WHERE 0");
  } else {
    add_from(&sql, relation);
    if (catalog) {
      buf_add_text(&sql, " AND c.name = ");
      add_text(&sql, catalog);
    }
    add_visible(&sql, &asker, relation);
    add_grants_visible(&sql, &asker, relation);
  }
  plan->sql = arena_strdup(session->arena, sql.data);
  return true;
}

static bool
not_found(struct session *session, const struct name *name)
{
  return fault_raise(
      session, "TABLE_OR_VIEW_NOT_FOUND",
      "The table or view %s cannot be found. Verify the spelling and correctness of the schema and catalog.",
      name_quoted(session, name));
}

bool
infoschema_relation(struct session *session, const struct name *name, struct query_plan *plan, bool *found)
{
  bool system = str_eq(name->catalog, "system"), schema = str_eq(name->schema, "information_schema");
  const struct info_relation *relation;

  *found = schema || (system && str_eq(name->schema, "access"));
  if (!*found) return true;
  relation = schema ? info_relation_find(name->object) : info_access_find(name->object);
  if (schema && !system) {
    const struct name catalog = {.catalog = name->catalog};
    struct securable object;

    if (!securable_need(session, SEC_CATALOG, &catalog, &object)) return false;
    if (!access_require(session, &object, PRIV_USE_CATALOG)) return false;
  }
  if (!relation || (!system && info_of_metastore(relation))) return not_found(session, name);
  return make_plan(session, relation, system ? NULL : name->catalog, plan);
}
