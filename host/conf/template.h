/* SPDX-License-Identifier: Apache-2.0 */
/* Templates: several settings by one name, from the file ("templates"), from packs and from manifests. It
 * must not know what any setting means. */
#ifndef CLXS_HOST_CONF_TEMPLATE_H
#define CLXS_HOST_CONF_TEMPLATE_H

#include <clxs/status.h>

struct conf;
struct err;

/* Collect the templates there are and check the names of their settings, in force or not; then set what the
 * one named by "template" sets, above packs and below files. CLXS_E_CONFIG naming the template otherwise. */
clxs_status template_apply(struct conf *conf, struct err *err);

#endif
