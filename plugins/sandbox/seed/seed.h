/* SPDX-License-Identifier: Apache-2.0 */
/* Example objects for a state. */
#ifndef CLXS_SANDBOX_SEED_SEED_H
#define CLXS_SANDBOX_SEED_SEED_H

#include "engine.h"

/* Whether WHAT is something that seed_load knows: "demo", "synth:N", "synth:N:full". */
bool seed_known(const char *what);
/* Make the objects that WHAT names, as the session's user, who is an administrator. A catalog that is there
 * already is left as it is, with everything in it. Call it outside store_enter. False with the session's
 * fault. */
bool seed_load(struct session *session, const char *what);

#endif
