/* SPDX-License-Identifier: Apache-2.0 */
/* Databricks SQL types: what they are, how they print, and how they look in Spark's schema JSON. Knows
 * nothing of tables or values. Facts: https://docs.databricks.com/sql/language-manual/sql-ref-datatypes.html.
 */
#ifndef CLXS_SANDBOX_QUERY_TYPE_H
#define CLXS_SANDBOX_QUERY_TYPE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct json_object;
struct session;

enum type_kind {
  TYPE_VOID, /* the type of NULL */
  TYPE_BOOLEAN,
  TYPE_TINYINT,
  TYPE_SMALLINT,
  TYPE_INT,
  TYPE_BIGINT,
  TYPE_FLOAT,
  TYPE_DOUBLE,
  TYPE_DECIMAL,
  TYPE_STRING,
  TYPE_VARCHAR, /* length */
  TYPE_CHAR,    /* length */
  TYPE_BINARY,
  TYPE_DATE,
  TYPE_TIMESTAMP,
  TYPE_TIMESTAMP_NTZ,
  TYPE_INTERVAL_MONTHS,  /* year-month; units say which */
  TYPE_INTERVAL_SECONDS, /* day-time; a number of microseconds */
  TYPE_ARRAY,
  TYPE_MAP,
  TYPE_STRUCT,
  TYPE_VARIANT
};

/* Units of an interval, large to small. */
enum type_unit { UNIT_YEAR, UNIT_MONTH, UNIT_DAY, UNIT_HOUR, UNIT_MINUTE, UNIT_SECOND };

struct type_field;

/* Immutable once made; lives in the arena it was made in. */
struct sql_type {
  enum type_kind kind;
  int precision, scale;            /* DECIMAL */
  int length;                      /* VARCHAR, CHAR */
  enum type_unit from, to;         /* INTERVAL */
  const struct sql_type *element;  /* ARRAY's element, MAP's value */
  const struct sql_type *key;      /* MAP */
  const struct type_field *fields; /* STRUCT */
  size_t field_count;
};

struct type_field {
  const char *name;
  const struct sql_type *type;
  bool not_null;
  const char *comment; /* or NULL */
};

/* The one type of a kind that needs no parameters; static. DECIMAL gives decimal(10,0). */
const struct sql_type *type_of(enum type_kind kind);
const struct sql_type *type_decimal(struct arena *arena, int precision, int scale);
const struct sql_type *type_array(struct arena *arena, const struct sql_type *element);
const struct sql_type *type_map(struct arena *arena, const struct sql_type *key,
                                const struct sql_type *value);
const struct sql_type *type_struct(struct arena *arena, const struct type_field *fields, size_t count);
const struct sql_type *type_interval(struct arena *arena, enum type_unit from, enum type_unit to);

/* Read a type from TEXT ("decimal(10,2)", "struct<a:int>", any case). NULL with session->fault. */
const struct sql_type *type_parse(struct session *session, const char *text);

/* The lower-case text that the catalog and result manifests show: "bigint", "decimal(10,2)",
 * "struct<a:int,b:string>". */
const char *type_text(struct arena *arena, const struct sql_type *type);
void type_print(struct buf *buf, const struct sql_type *type);
/* As error messages print it: upper case, in double quotes: "DECIMAL(10,2)". */
const char *type_quoted(struct arena *arena, const struct sql_type *type);
/* The word of a result manifest or of the catalog's type_name: INT, LONG, SHORT, BYTE, STRING, DECIMAL,
 * ARRAY, ... */
const char *type_name(const struct sql_type *type);
/* DECIMAL's precision and scale, the fixed ones of numbers, else 0. */
int type_precision(const struct sql_type *type);
int type_scale(const struct sql_type *type);

/* Spark's JSON of the type alone ("integer", {"type":"array",...}); the caller owns a reference. */
struct json_object *type_spark(const struct sql_type *type);
/* The type_json of one column: {"name":...,"type":...,"nullable":...,"metadata":{...}}, with COMMENT (may be
 * NULL) and DEFAULT_TEXT (may be NULL) in the metadata as the catalog shows them. */
const char *type_field_json(struct arena *arena, const char *name, const struct sql_type *type, bool nullable,
                            const char *comment, const char *default_text);

bool type_equal(const struct sql_type *a, const struct sql_type *b);
/* TINYINT to BIGINT. */
bool type_is_integer(const struct sql_type *type);
/* Integers, DECIMAL, FLOAT, DOUBLE. */
bool type_is_number(const struct sql_type *type);
/* DATE, TIMESTAMP, TIMESTAMP_NTZ. */
bool type_is_time(const struct sql_type *type);
bool type_is_interval(const struct sql_type *type);
/* STRING, VARCHAR, CHAR. */
bool type_is_text(const struct sql_type *type);
/* ARRAY, MAP, STRUCT, VARIANT: held as JSON text. */
bool type_is_nested(const struct sql_type *type);
/* Can be compared for order: all but MAP and VARIANT. */
bool type_is_ordered(const struct sql_type *type);

#endif
