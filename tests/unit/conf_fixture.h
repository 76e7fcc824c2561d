/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of configuration and login: an empty home and working directory, an environment without our
 * variables, and files written into them. */
#ifndef CLXS_TESTS_UNIT_CONF_FIXTURE_H
#define CLXS_TESTS_UNIT_CONF_FIXTURE_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"

struct conf_fixture {
  struct arena *arena;
  struct err err;
  struct conf *conf;
  char home[64];
};

void conf_fixture_set_up(struct conf_fixture *fixture);
void conf_fixture_tear_down(struct conf_fixture *fixture);
/* Write TEXT to NAME below the home directory, which is the working directory too. */
void conf_fixture_write(struct conf_fixture *fixture, const char *name, const char *text);
/* Write clxs.yaml (TEXT NULL: none) and load it with these keys. */
clxs_status conf_fixture_load(struct conf_fixture *fixture, const char *text,
                              const struct conf_source *source);

#endif
