/* SPDX-License-Identifier: Apache-2.0 */
/* JSON written as it is thought of, member by member, for documents that are too large to build as a tree
 * first. Pretty documents have one member per line, so that line-oriented tools (diff, git) show what
 * changed. Keys are written in the order of the calls; who wants them sorted calls in that order. */
#ifndef CLXS_BASE_JSON_WRITE_H
#define CLXS_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct json_object;

/* Set out and pretty, the rest zero. */
struct json_writer {
  struct buf *out;
  bool pretty;
  int depth;
  bool filled; /* the innermost bracket has a member already */
};

/* KEY is NULL for the document itself and for elements of arrays. */
void json_begin_object(struct json_writer *writer, const char *key);
void json_end_object(struct json_writer *writer);
void json_begin_array(struct json_writer *writer, const char *key);
void json_end_array(struct json_writer *writer);
/* NULL TEXT writes nothing: an absent member. */
void json_write_text(struct json_writer *writer, const char *key, const char *text);
/* The same, but NULL TEXT is null. */
void json_write_text_or_null(struct json_writer *writer, const char *key, const char *text);
void json_write_int(struct json_writer *writer, const char *key, int64_t value);
void json_write_bool(struct json_writer *writer, const char *key, bool value);
/* VALUE must be finite. */
void json_write_double(struct json_writer *writer, const char *key, double value);
void json_write_null(struct json_writer *writer, const char *key);
/* VALUE with its members sorted by key, byte by byte, at every depth; arrays keep their order. */
void json_write_tree(struct json_writer *writer, const char *key, struct json_object *value);

#endif
