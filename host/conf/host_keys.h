/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that the host itself reads. */
#ifndef CLXS_HOST_CONF_HOST_KEYS_H
#define CLXS_HOST_CONF_HOST_KEYS_H

#include <stddef.h>

#include "conf/conf.h"

extern const struct conf_key host_keys[];
extern const size_t host_key_count;

/* Another word for a key, in files only: files written for Clone-Xs keep working. */
struct host_key_alias {
  const char *name, *key;
};
extern const struct host_key_alias host_key_aliases[];
extern const size_t host_key_alias_count;

#endif
