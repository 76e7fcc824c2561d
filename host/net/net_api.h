/* SPDX-License-Identifier: Apache-2.0 */
/* The client's table inside clxs-net.so; tests link the client statically and take it from here. */
#ifndef CLXS_HOST_NET_NET_API_H
#define CLXS_HOST_NET_NET_API_H

#include "net/net.h"

const struct net_api *net_table(void);

#endif
