/* SPDX-License-Identifier: Apache-2.0 */
/* How many may be inside at one time. It must not know what they do there. Any thread. */
#ifndef CLXS_HOST_NET_GATE_H
#define CLXS_HOST_NET_GATE_H

#include <stdbool.h>
#include <stdint.h>

struct gate;

/* MOST at one time; 0: no limit. */
struct gate *gate_new(uint32_t most);
void gate_free(struct gate *gate);
/* Wait for a place. False once the gate is closed: nobody is let in any more. */
bool gate_enter(struct gate *gate);
/* Give the place back. */
void gate_leave(struct gate *gate);
/* Wake everybody who waits, and let nobody in from now on. Those inside stay. */
void gate_close(struct gate *gate);

#endif
