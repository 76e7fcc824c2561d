/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a JSON document of known shape strictly: unknown members, wrong types and texts that break a rule
 * are refused with a message that names the file, the place in it ("commands[2].flags[0].type") and the
 * reason. Manifests and packs are read with it; it knows neither. Results live in the arena. */
#ifndef CLXS_HOST_PLUGIN_SHAPE_H
#define CLXS_HOST_PLUGIN_SHAPE_H

#include <base/json.h>
#include <clxs/status.h>

struct arena;
struct err;

/* One document while it is read. PLACE is where the reader stands. */
struct shape {
  struct arena *arena;
  struct err *err;
  const char *file;
  char place[512];
};

/* A rule for texts: what it must look like, in words, and the test. */
struct shape_rule {
  const char *what; /* "a name such as max-workers" */
  size_t max;       /* code points */
  bool (*ok)(const char *text);
};

/* TEXT as one JSON object; a syntax error is CLXS_E_CONFIG with line and column. The caller gives it back. */
clxs_status shape_parse(struct shape *shape, const char *text, size_t length, struct json_object **document);
/* Record CLXS_E_CONFIG: "FILE: PLACE: " and the message. */
clxs_status shape_fail(struct shape *shape, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Step into a member or an item, and back out with what shape_enter returned. */
size_t shape_enter(struct shape *shape, const char *member);
size_t shape_enter_item(struct shape *shape, size_t index);
void shape_leave(struct shape *shape, size_t mark);

/* VALUE is an object with no members but those in KNOWN (NULL-terminated), and has those in REQUIRED (may be
 * NULL). */
clxs_status shape_object(struct shape *shape, struct json_object *value, const char *const *known,
                         const char *const *required);
/* Member KEY of OBJECT, when there: a text that follows RULE; true or false; an array. OUT stays as it was
 * when the member is absent. null is a value of the wrong type. */
clxs_status shape_text(struct shape *shape, struct json_object *object, const char *key,
                       const struct shape_rule *rule, const char **out);
clxs_status shape_bool(struct shape *shape, struct json_object *object, const char *key, bool *out);
clxs_status shape_number(struct shape *shape, struct json_object *object, const char *key, bool *has,
                         double *out);
clxs_status shape_array(struct shape *shape, struct json_object *object, const char *key,
                        struct json_object **out);
/* An array of texts that each follow RULE, without repetition when UNIQUE; NULL-terminated. */
clxs_status shape_texts(struct shape *shape, struct json_object *object, const char *key,
                        const struct shape_rule *rule, bool unique, const char *const **out);
/* The text VALUE (of a member or an item at the present place) checked against RULE. */
clxs_status shape_check_text(struct shape *shape, struct json_object *value, const struct shape_rule *rule,
                             const char **out);
/* Whether OBJECT has member KEY at all. */
bool shape_has(struct json_object *object, const char *key);

#endif
