/* SPDX-License-Identifier: Apache-2.0 */
/* The one symbol that clxs-net.so exports. */
#include <clxs/abi.h>

#include "net/net_api.h"

#include "base/banned.h"

CLXS_PUBLIC const struct net_api *clxs_net_v1(void);

const struct net_api *
clxs_net_v1(void)
{
  return net_table();
}
