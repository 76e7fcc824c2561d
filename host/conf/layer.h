/* SPDX-License-Identifier: Apache-2.0 */
/* The table of values in force: one entry for each key, filled from the lowest layer to the highest. Each
 * value is checked against its key's type before it goes in. */
#ifndef CLXS_HOST_CONF_LAYER_H
#define CLXS_HOST_CONF_LAYER_H

#include "conf/conf.h"

struct file;
struct schema;

/* How strong a value is: which layer it comes from. */
enum conf_level { CONF_UNSET, CONF_DEFAULT, CONF_PACK, CONF_FILE, CONF_PROFILE, CONF_ENVIRONMENT, CONF_FLAG };

/* What is known about one key. */
struct conf_entry {
  const struct conf_key *key;
  const char *text; /* lists as JSON array text; NULL: unset */
  const char *const *items;
  uint32_t count; /* items; 1 for a single value */
  const char *origin;
  enum conf_level level;
};

struct conf {
  struct arena *arena;
  const struct schema *schema;
  struct conf_entry *entries; /* as schema->keys */
  const char *file, *profile;
};

/* One layer each. Values that another layer hides are not looked at by the higher ones: apply them in this
 * order. */
clxs_status layer_apply_defaults(struct conf *conf, struct err *err);
clxs_status layer_apply_packs(struct conf *conf, const struct conf_source *source, struct err *err);
clxs_status layer_apply_file(struct conf *conf, struct file *file, const char *profile, struct err *err);
clxs_status layer_apply_environment(struct conf *conf, struct err *err);
/* Every single value that FILE writes out, of profiles not in force too, fits its key. */
clxs_status layer_check_file(struct arena *arena, const struct file *file, struct err *err);
/* Add one item to a list entry (or set a single one) from ORIGIN, unchecked. */
void layer_add_flag(struct conf *conf, struct conf_entry *entry, const char *origin, const char *value);
/* A list in one text: a JSON array, or words with commas between them. *ITEMS is NULL-terminated.
 * CLXS_E_CONFIG, naming WHERE, for what is neither. */
clxs_status layer_split_list(struct arena *arena, const char *text, const char *where,
                             const char *const **items, uint32_t *count, struct err *err);
/* Set ENTRY from one text, as set by ORIGIN at LEVEL: a list as in the environment, a free-form value as
 * JSON. CLXS_E_CONFIG, naming WHERE, when it does not fit the key. */
clxs_status layer_set_text(struct conf *conf, struct conf_entry *entry, const char *text, const char *where,
                           const char *origin, enum conf_level level, struct err *err);
struct conf_entry *layer_entry(const struct conf *conf, const char *name);

#endif
