/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to hosts that are no workspace, without our credentials. It must not know what they are for. */
#ifndef CLXS_HOST_NET_OUTSIDE_H
#define CLXS_HOST_NET_OUTSIDE_H

#include "net/client.h"

/* As net_api's member "outside". */
clxs_status outside_send(struct net *net, struct arena *arena, const struct net_outside *request,
                         struct net_response *response, struct err *err);

#endif
