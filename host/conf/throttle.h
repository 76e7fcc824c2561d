/* SPDX-License-Identifier: Apache-2.0 */
/* Throttle profiles: one name for how much a run asks of a workspace. It must not know how limits are kept.
 */
#ifndef CLXS_HOST_CONF_THROTTLE_H
#define CLXS_HOST_CONF_THROTTLE_H

#include <clxs/status.h>

struct conf;
struct err;

/* Set the limits that the profile in force stands for, as strong as what chose it: a limit that the same
 * layer or a higher one sets stays. The profile is that of throttle_schedule for this hour (local time) or of
 * "throttle", whichever comes from the higher layer; of the same layer, the schedule. CLXS_E_CONFIG naming
 * the entry for a schedule that cannot be understood, whatever the hour. */
clxs_status throttle_apply(struct conf *conf, struct err *err);

#endif
