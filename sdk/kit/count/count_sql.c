/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a count: which expression stands for a column in a row's hash. It must not know how statements
 * are sent. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/count/count.h"
#include "kit/model/model.h"
#include "kit/rows/rows.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

#define HAS_NESTED 1U  /* an array or struct: hashed, but NULLs within would be passed over */
#define HAS_OPAQUE 2U  /* a map or variant: only its JSON can be hashed */
#define HAS_COLLATE 4U /* a collation: texts that it calls equal would have one hash */
#define HAS_NO_HASH 8U

/* What a word of a type's text says of it. NEXT is the character behind the word. */
static unsigned
word_traits(const char *word, size_t length, char next)
{
  static const struct {
    const char *word;
    unsigned traits;
  } words[] = {{"array", HAS_NESTED},    {"struct", HAS_NESTED},   {"map", HAS_OPAQUE},
               {"variant", HAS_OPAQUE},  {"collate", HAS_COLLATE}, {"geography", HAS_NO_HASH},
               {"geometry", HAS_NO_HASH}};

  if (next == ':') return 0; /* the name of a field */
  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (strlen(words[i].word) == length && str_ieqn(word, words[i].word, length)) return words[i].traits;
  return 0;
}

static unsigned
type_traits(const char *type)
{
  unsigned traits = 0;

  while (type && *type) {
    size_t length = 0;

    if (*type == '`') { /* a quoted field name; a doubled quote opens the next piece of it */
      type++;
      type += strcspn(type, "`");
      type += *type == '`';
      continue;
    }
    while (str_is_alnum(type[length]) || type[length] == '_')
      length++;
    traits |= word_traits(type, length, type[length]);
    type += length ? length : 1;
  }
  return traits;
}

const struct model_column *
count_unhashable(const struct count_table *table)
{
  for (uint32_t i = 0; i < table->column_count; i++)
    if (type_traits(table->columns[i].type_text) & HAS_NO_HASH) return &table->columns[i];
  return NULL;
}

/* The column as arguments of the hash. JSON shows where NULLs are inside a value, but rounds timestamps to
 * milliseconds, so that a value which can be hashed itself is given too. */
static void
add_column(struct buf *sql, const struct model_column *column)
{
  unsigned traits = type_traits(column->type_text);

  if (!column->not_null) {
    sql_add_name(sql, column->name);
    buf_add_text(sql, " IS NULL, ");
  }
  if (traits & HAS_COLLATE && !(traits & (HAS_NESTED | HAS_OPAQUE))) {
    buf_add_text(sql, "CAST(");
    sql_add_name(sql, column->name);
    buf_add_text(sql, " AS BINARY)");
    return;
  }
  if (!(traits & HAS_OPAQUE)) sql_add_name(sql, column->name);
  if (!(traits & (HAS_NESTED | HAS_OPAQUE))) return;
  if (!(traits & HAS_OPAQUE)) buf_add_text(sql, ", ");
  buf_add_text(sql, "to_json(named_struct('v', ");
  sql_add_name(sql, column->name);
  buf_add_text(sql, "))");
}

void
count_add_hash(struct buf *sql, const struct count_table *table)
{
  if (!table->column_count) {
    buf_add_text(sql, "CAST(0 AS BIGINT)");
    return;
  }
  buf_add_text(sql, "xxhash64(");
  for (uint32_t i = 0; i < table->column_count; i++) {
    if (i) buf_add_text(sql, ", ");
    add_column(sql, &table->columns[i]);
  }
  buf_add_char(sql, ')');
}

void
count_add_query(struct buf *sql, size_t index, const struct count_table *table, bool checksum)
{
  const char *const name[] = {table->catalog, table->schema, table->name};
  int64_t version = table->pinned ? table->version : ROWS_NOW;

  buf_addf(sql, "SELECT %zu AS i, count(*) AS n", index);
  if (!checksum) {
    rows_add_from(sql, name, version, table->condition);
    return;
  }
  if (count_unhashable(table)) {
    buf_add_text(sql, ", CAST(NULL AS DECIMAL(38,0)) AS s, CAST(NULL AS BIGINT) AS x");
    rows_add_from(sql, name, version, table->condition);
    return;
  }
  buf_add_text(
      sql, ", coalesce(sum(CAST(h AS DECIMAL(38,0))), 0) AS s, coalesce(bit_xor(h), 0) AS x FROM (SELECT ");
  count_add_hash(sql, table);
  buf_add_text(sql, " AS h");
  rows_add_from(sql, name, version, table->condition);
  buf_add_char(sql, ')');
}
