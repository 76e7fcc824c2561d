/* SPDX-License-Identifier: Apache-2.0 */
/* What a command was told, as a record from which it can go on later: the last two members of struct
 * clxs_core, whose docstrings are in <clxs/call.h>. */
#ifndef CLXS_HOST_SVC_RECORD_H
#define CLXS_HOST_SVC_RECORD_H

#include <clxs/call.h>

const char *record_arguments(struct clxs_call *pub);
clxs_status record_adopt(struct clxs_call *pub, const char *record);

#endif
