/* SPDX-License-Identifier: Apache-2.0 */
/* The rules for texts in a manifest, one for each pattern of plugin.schema.json. Private to
 * host/plugin/manifest*.c. */
#ifndef CLXS_HOST_PLUGIN_MANIFEST_RULE_H
#define CLXS_HOST_PLUGIN_MANIFEST_RULE_H

#include "plugin/shape.h"

extern const struct shape_rule rule_any, rule_id, rule_version, rule_library, rule_abi, rule_line,
    rule_summary, rule_value, rule_contract, rule_topic, rule_command, rule_name, rule_key, rule_env,
    rule_short, rule_value_name, rule_help, rule_example, rule_type, rule_complete, rule_duration, rule_size;

#endif
