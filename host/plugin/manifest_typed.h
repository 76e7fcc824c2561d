/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a manifest that have a type: commands with their arguments and flags, and config keys. Private
 * to host/plugin/manifest*.c. */
#ifndef CLXS_HOST_PLUGIN_MANIFEST_TYPED_H
#define CLXS_HOST_PLUGIN_MANIFEST_TYPED_H

#include "cli/grammar.h"
#include "conf/conf.h"
#include "plugin/shape.h"

/* VALUE at the present place as one command, or as one config key. */
clxs_status manifest_read_command(struct shape *shape, struct json_object *value,
                                  struct grammar_command *command);
clxs_status manifest_read_key(struct shape *shape, struct json_object *value, struct conf_key *key);

/* Give those of the COUNT commands that say "flags_from" the flags of that command. What names none is left
 * to manifest_lint. */
void manifest_inherit_flags(struct arena *arena, struct grammar_command *commands, size_t count);

/* Call READ for every item of member KEY of OBJECT, if there, with the address of element I of an array of
 * SIZE-byte elements made in the arena. */
typedef clxs_status (*manifest_item_reader)(struct shape *shape, struct json_object *value, void *element);
clxs_status manifest_read_items(struct shape *shape, struct json_object *object, const char *key, size_t size,
                                manifest_item_reader read, void **elements, size_t *count);

#endif
