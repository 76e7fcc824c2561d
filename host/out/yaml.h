/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON value as a YAML 1.1 document that YAML 1.2 readers understand alike: every text that either would
 * take for something else is quoted. */
#ifndef CLXS_HOST_OUT_YAML_H
#define CLXS_HOST_OUT_YAML_H

#include <clxs/status.h>

struct buf;
struct err;
struct json_object;

/* VALUE (NULL is null) with a newline at the end. Texts must be UTF-8. */
clxs_status yaml_add_value(struct buf *buf, struct json_object *value, struct err *err);

#endif
