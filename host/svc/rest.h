/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of clxs.rest/1 share. */
#ifndef CLXS_HOST_SVC_REST_H
#define CLXS_HOST_SVC_REST_H

#include <clxs/rest.h>

#include "app.h"

struct call;
struct net_request;
struct net_response;

/* GIVEN, checked and in the client's terms, and the workspace that it is for; otherwise the failure is
 * recorded on CALL. */
clxs_status rest_prepare(struct call *call, const struct clxs_request *given, struct net_request *ask,
                         struct workspace **workspace);
/* ANSWER for the plugin; RESPONSE may be NULL. */
void rest_copy_answer(struct clxs_response *response, const struct net_response *answer);

#endif
