/* SPDX-License-Identifier: Apache-2.0 */
/* Services without an application: the doors of app/ and plugin/ that svc/ knocks on are answered by this
 * file, with a client against the fake server and plugins that are functions of the test. */
#ifndef CLXS_TESTS_SVC_FIXTURE_H
#define CLXS_TESTS_SVC_FIXTURE_H

#include <clxs/clxs.h>

#include "app.h"
#include "cli/grammar.h"
#include "fault/net_fixture.h"
#include "svc/call.h"

/* One plugin "p" with commands, one of which a hook may name, and one capability "cap/1". */
struct svc_fixture {
  struct app app;
  struct workspace workspace;
  struct call *call; /* of the command "do" */
  struct clxs_call *pub;
  FILE *result, *remarks;
  clxs_status (*run)(struct clxs_call *call, const char *command); /* what every command of the plugin does */
  clxs_status (*init)(struct clxs_call *call, void **state);
  const char *hook; /* the command that every topic is hooked to, or NULL */
  bool provides;    /* the capability */
  const char *const *uses;
};

extern struct svc_fixture svc;

void svc_open(void);
void svc_close(void);
/* Parse ARGV for the command "do" and make svc.call anew with it; NULL-terminated. */
void svc_arguments(const char *const *argv);
/* What was written so far; alive as long as the fixture. */
const char *svc_written(FILE *file);

#endif
