/* SPDX-License-Identifier: Apache-2.0 */
/* Who, where, what version; hashes; errors on purpose. Identity functions answer for who asked, also inside
 * of views. */
#include "query/builtin.h"

#include "base/buf.h"
#include "base/str.h"
#include "store/store.h"

#include "base/banned.h"

#define HASH_PAIRS 50

static bool
context(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct session *session = tx->session;
  const char *name = call->builtin->name, *text = tx->invoker;

  if (str_eq(name, "current_catalog"))
    text = session->catalog && *session->catalog ? session->catalog : "main";
  if (str_eq(name, "current_schema") || str_eq(name, "current_database"))
    text = session->schema && *session->schema ? session->schema : "default";
  if (str_eq(name, "current_metastore")) {
    struct metastore metastore;

    metastore_load(tx->session, &metastore);
    text = tx_printf(tx, "%s:%s:%s", metastore.cloud, metastore.region, metastore.id);
  }
  *value = value_of(tx_literal(tx->arena, text, SIZE_MAX), type_of(TYPE_STRING));
  value->foldable = true;
  return true;
}

static bool
member(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct ast_expr *group = call->expr->args[0];
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const char **groups;
  size_t count;

  if (group->kind == AST_STRING) {
    *value = value_of(principal_in_group(tx->session, tx->invoker, group->text) ? "1" : "0",
                      type_of(TYPE_BOOLEAN));
    return true;
  }
  /* The group comes from the row: compare with all the groups there are. */
  if (!principal_groups(tx->session, tx->invoker, &groups, &count)) return false;
  buf_addf(&buf, "(lower(%s) IN (''", call->args[0].sql);
  for (size_t i = 0; i < count; i++)
    buf_addf(&buf, ",lower(%s)", tx_literal(tx->arena, groups[i], SIZE_MAX));
  buf_add_text(&buf, "))");
  *value = value_of(arena_strndup(tx->arena, buf.data, buf.len), type_of(TYPE_BOOLEAN));
  return true;
}

static bool
version(struct builtin_call *call, struct value *value)
{
  if (str_eq(call->builtin->name, "version"))
    *value = value_of("'4.0.0 0000000000000000000000000000000000000000'", type_of(TYPE_STRING));
  else
    return tx_unsupported(call->ex->tx, "current_version()");
  return true;
}

/* xxhash64 and hash: 42 seeds the first value, each hash the next; long lists are cut and seeded on. */
static bool
hash(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  bool wide = *call->builtin->name == 'x';
  const char *seed = "42";
  struct value *args = call->args;
  size_t count = call->count;

  if (count == 1 && call->expr->args[0]->kind == AST_STAR) {
    struct tx_column *columns;

    if (!tx_star(call->ex, call->expr->args[0], &columns, &count)) return false;
    args = arena_array(tx->arena, count + 1, sizeof *args);
    for (size_t i = 0; i < count; i++)
      args[i] = value_of(columns[i].sql, columns[i].type);
    call->count = 0;
  }
  for (size_t first = 0; first < count || first == 0; first += HASH_PAIRS) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

    for (size_t i = first; i < count && i < first + HASH_PAIRS; i++) {
      if (args[i].type->kind == TYPE_MAP || args[i].type->kind == TYPE_VARIANT)
        return fault_set(
            tx->session, "DATATYPE_MISMATCH.HASH_MAP_TYPE", "42K09",
            "Cannot resolve \"%s\" due to data type mismatch: Input to the function `%s` cannot contain "
            "elements of the \"MAP\" type. In Databricks, same maps may have different hashcode, thus hash "
            "expressions are prohibited on \"MAP\" elements.",
            call->text, call->builtin->name);
      buf_addf(&buf, ",%s,%s", tx_literal(tx->arena, type_text(tx->arena, args[i].type), SIZE_MAX),
               args[i].sql);
    }
    seed = tx_printf(tx, "x_hash('%c',%s%s)", wide ? 'x' : 'm', seed, buf.data);
  }
  *value = value_of(seed, type_of(wide ? TYPE_BIGINT : TYPE_INT));
  return true;
}

static bool
digest(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;

  if (str_eq(name, "crc32")) {
    *value = value_of(tx_printf(tx, "x_crc32(CAST(%s AS BLOB))", call->args[0].sql), type_of(TYPE_BIGINT));
    return true;
  }
  if (str_eq(name, "sha2"))
    *value = value_of(
        tx_printf(tx,
                  "x_digest(CAST(%s AS BLOB),CASE %s WHEN 0 THEN 'sha256' WHEN 224 THEN 'sha224' WHEN 256 "
                  "THEN 'sha256' WHEN 384 THEN 'sha384' WHEN 512 THEN 'sha512' END)",
                  call->args[0].sql, call->args[1].sql),
        type_of(TYPE_STRING));
  else
    *value = value_of(tx_printf(tx, "x_digest(CAST(%s AS BLOB),'%s')", call->args[0].sql,
                                str_eq(name, "md5") ? "md5" : "sha1"),
                      type_of(TYPE_STRING));
  return true;
}

static bool
type_call(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;

  *value = value_of(tx_literal(tx->arena, type_text(tx->arena, call->args[0].type), SIZE_MAX),
                    type_of(TYPE_STRING));
  /* The text no longer aggregates, but the row it stands in is still one of a group. */
  if (call->args[0].aggregate) value->sql = tx_printf(tx, "CASE WHEN count(*)>=0 THEN %s END", value->sql);
  return true;
}

static bool
raise(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;

  if (str_eq(call->builtin->name, "raise_error")) {
    *value = value_of(tx_printf(tx, "x_fail('USER_RAISED_EXCEPTION','P0001',%s)", call->args[0].sql),
                      type_of(TYPE_VOID));
    return true;
  }
  *value =
      value_of(tx_printf(tx, "CASE WHEN %s THEN NULL ELSE x_fail('USER_RAISED_EXCEPTION','P0001',%s) END",
                         call->args[0].sql,
                         call->count > 1 ? call->args[1].sql
                                         : tx_literal(tx->arena,
                                                      tx_printf(tx, "'%s' is not true!",
                                                                tx_item_name(tx->arena, call->expr->args[0])),
                                                      SIZE_MAX)),
               type_of(TYPE_VOID));
  return true;
}

static bool
refused(struct builtin_call *call, struct value *value)
{
  (void)value;
  return tx_unsupported(call->ex->tx, tx_printf(call->ex->tx, "The function %s", call->builtin->name));
}

struct builtin_table
builtins_other(void)
{
  static const struct builtin table[] = {
      {"current_user", 0, 0, "", NULL, NULL, context, false, false},
      {"session_user", 0, 0, "", NULL, NULL, context, false, false},
      {"user", 0, 0, "", NULL, NULL, context, false, false},
      {"current_catalog", 0, 0, "", NULL, NULL, context, false, false},
      {"current_schema", 0, 0, "", NULL, NULL, context, false, false},
      {"current_database", 0, 0, "", NULL, NULL, context, false, false},
      {"current_metastore", 0, 0, "", NULL, NULL, context, false, false},
      {"is_account_group_member", 1, 1, "s", NULL, NULL, member, false, false},
      {"is_member", 1, 1, "s", NULL, NULL, member, false, false},
      {"version", 0, 0, "", NULL, NULL, version, false, false},
      {"current_version", 0, 0, "", NULL, NULL, version, false, false},
      {"xxhash64", 1, -1, "a", NULL, NULL, hash, false, false},
      {"hash", 1, -1, "a", NULL, NULL, hash, false, false},
      {"md5", 1, 1, "x", NULL, NULL, digest, false, false},
      {"sha", 1, 1, "x", NULL, NULL, digest, false, false},
      {"sha1", 1, 1, "x", NULL, NULL, digest, false, false},
      {"sha2", 2, 2, "xi", NULL, NULL, digest, false, false},
      {"crc32", 1, 1, "x", NULL, NULL, digest, false, false},
      {"typeof", 1, 1, "a", NULL, NULL, type_call, false, false},
      {"raise_error", 1, 1, "s", NULL, NULL, raise, false, false},
      {"assert_true", 1, 2, "bs", NULL, NULL, raise, false, false},
      {"aes_encrypt", 2, 5, "a", NULL, NULL, refused, false, false},
      {"aes_decrypt", 2, 5, "a", NULL, NULL, refused, false, false},
      {"ai_query", 1, -1, "a", NULL, NULL, refused, false, false},
      {"to_char", 2, 2, "a", NULL, NULL, refused, false, false},
      {"to_number", 2, 2, "a", NULL, NULL, refused, false, false},
      {"from_csv", 2, 3, "a", NULL, NULL, refused, false, false},
      {"to_csv", 1, 2, "a", NULL, NULL, refused, false, false},
      {"xpath", 2, 2, "a", NULL, NULL, refused, false, false},
      {"input_file_name", 0, 0, "", NULL, NULL, refused, false, false},
      {"monotonically_increasing_id", 0, 0, "", NULL, NULL, refused, false, false},
      {"secret", 2, 2, "a", NULL, NULL, refused, false, false},
      {"zip_with", 3, 3, "a", NULL, NULL, refused, false, false},
      {"map_zip_with", 3, 3, "a", NULL, NULL, refused, false, false},
      {"map_from_entries", 1, 1, "a", NULL, NULL, refused, false, false},
      {"str_to_map", 1, 3, "a", NULL, NULL, refused, false, false},
      {"mode", 1, 2, "a", NULL, NULL, refused, true, false},
      {"try_sum", 1, 1, "a", NULL, NULL, refused, true, false},
      {"try_avg", 1, 1, "a", NULL, NULL, refused, true, false},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
