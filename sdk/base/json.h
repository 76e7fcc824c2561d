/* SPDX-License-Identifier: Apache-2.0 */
/* json-c with the manners that a tolerant client needs: absent and null members read alike, int64 may come as
 * a number or as text (the service sends both), and a document is parsed whole or not at all. Borrowed
 * results live as long as the object they come from. */
#ifndef CLXS_BASE_JSON_H
#define CLXS_BASE_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For CLEANUP_JSON locals: give one reference back. */
void json_cleanup(struct json_object **object);
#define CLEANUP_JSON __attribute__((cleanup(json_cleanup)))

/* TEXT (LENGTH bytes) as one JSON value. NULL when it is not, or is nested over 64 deep, or has anything but
 * white space behind it; then *OFFSET (may be NULL) is the byte where reading stopped and *WHY (may be NULL)
 * a static reason. The JSON value null also gives NULL, with *WHY NULL. */
struct json_object *json_parse(const char *text, size_t length, size_t *offset, const char **why);
/* The same for a text that must be JSON by RFC 8259 to the letter: no NaN, "1.", control characters in
 * strings, bytes that are not UTF-8 (json_parse takes them, since services send such things). */
struct json_object *json_parse_strict(const char *text, size_t length, size_t *offset, const char **why);
/* OBJECT printed compactly, slashes unescaped; lives until the object goes or is printed again. */
const char *json_text(struct json_object *object);

/* Members of OBJECT (which may be NULL or no object at all: then they are absent). */
struct json_object *json_get(struct json_object *object, const char *key);
/* The text of a string, number or boolean member, else NULL. */
const char *json_get_text(struct json_object *object, const char *key);
int64_t json_get_int(struct json_object *object, const char *key, int64_t absent);
bool json_get_bool(struct json_object *object, const char *key, bool absent);
/* The member when it is an array (or object), else NULL. */
struct json_object *json_get_array(struct json_object *object, const char *key);
struct json_object *json_get_object(struct json_object *object, const char *key);
/* Its length, 0 for NULL and for anything that is no array. */
size_t json_length(struct json_object *array);
struct json_object *json_item(struct json_object *array, size_t index);
/* Walk the members of OBJECT in their order: start with *AT NULL; false at the end, and for anything that is
 * no object. *VALUE is NULL for a null. (json-c's own macro is not C that clang accepts under -Wpedantic.) */
bool json_next(struct json_object *object, void **at, const char **key, struct json_object **value);

/* The next element of the JSON array in TEXT (LENGTH bytes), parsed on its own, so that a long list never
 * stands in memory as a whole. Start with *POSITION 0. 1: *ITEM is the caller's (a null element gives NULL);
 * 0: the array has ended; -1: it is no array, or broken behind *POSITION. */
int json_array_next(const char *text, size_t length, size_t *position, struct json_object **item);

/* Add a member; NULL text adds null. */
void json_add_text(struct json_object *object, const char *key, const char *text);
void json_add_int(struct json_object *object, const char *key, int64_t value);
void json_add_bool(struct json_object *object, const char *key, bool value);

#endif
