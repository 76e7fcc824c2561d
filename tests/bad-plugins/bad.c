/* SPDX-License-Identifier: Apache-2.0 */
/* One plugin, deliberately wrong in one way for each BAD_ that it is compiled with. Without any it is right,
 * which is tested first. */
#include "bad_gen.h"

#include <clxs/clxs.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef BAD_MAGIC
#define BAD_MAGIC CLXS_ABI_MAGIC
#endif
#ifndef BAD_MAJOR
#define BAD_MAJOR CLXS_ABI_MAJOR
#endif
#ifndef BAD_MINOR
#define BAD_MINOR CLXS_ABI_MINOR
#endif
#ifndef BAD_TARGET
#define BAD_TARGET 0
#endif
#ifndef BAD_SIZE
#define BAD_SIZE sizeof(struct clxs_plugin)
#endif
#ifndef BAD_ID
#define BAD_ID CLXS_PLUGIN_ID
#endif
#ifndef BAD_VERSION
#define BAD_VERSION CLXS_PLUGIN_VERSION
#endif
#ifndef BAD_GRAMMAR
#define BAD_GRAMMAR CLXS_GRAMMAR
#endif
#ifndef BAD_NAME
#define BAD_NAME BAD_SECOND
#endif
#ifndef BAD_COMMAND_SIZE
#define BAD_COMMAND_SIZE sizeof(struct clxs_command)
#endif
#ifndef BAD_RUN
#define BAD_RUN run
#endif
#ifndef BAD_CAPABILITY
#define BAD_CAPABILITY BAD_PROVIDES
#endif
#ifndef BAD_TABLE
#define BAD_TABLE &table
#endif
#ifndef BAD_INIT
#define BAD_INIT NULL
#endif

static const uint32_t table = sizeof table;

static inline clxs_status
run(void *state, struct clxs_call *call)
{
  (void)state;
  (void)call;
  return CLXS_OK;
}

static inline clxs_status
init_fails(struct clxs_call *call, void **state)
{
  (void)state;
  return call->core->fail(call, CLXS_E_CONFIG, "the moon is not full", "wait for it");
}

static inline clxs_status
init_fails_silently(struct clxs_call *call, void **state)
{
  (void)call;
  (void)state;
  return CLXS_E_DATA;
}

static inline clxs_status
init_crashes(struct clxs_call *call, void **state)
{
  (void)call;
  (void)state;
  abort();
}

#ifdef BAD_CONSTRUCTOR
__attribute__((constructor)) static void
constructor(void)
{
  BAD_CONSTRUCTOR;
}
#endif

#ifdef BAD_EXPORT
CLXS_PUBLIC int bad_extra_symbol;
#endif

#ifdef BAD_UNDEFINED
extern int bad_nobody_has_this(void);
#endif

static const struct clxs_command first = {sizeof first, BAD_FIRST, run, NULL};
static const struct clxs_command second = {BAD_COMMAND_SIZE, BAD_NAME, BAD_RUN, NULL};
#ifdef BAD_THIRD
static const struct clxs_command third = {sizeof third, BAD_THIRD, run, NULL};
#endif
static const struct clxs_command *const commands[] = {&first,
#ifndef BAD_ONLY_ONE
                                                      &second,
#endif
#ifdef BAD_THIRD
                                                      &third,
#endif
                                                      NULL};
static const struct clxs_provider provider = {sizeof provider, BAD_CAPABILITY, BAD_TABLE};
static const struct clxs_provider *const provides[] = {
#ifndef BAD_NO_CAPABILITY
    &provider,
#endif
    NULL};

/* Room behind the descriptor for what a later minor version may have. */
static const struct {
  struct clxs_plugin plugin;
  void *later[4];
} whole = {.plugin = {.size = BAD_SIZE,
                      .abi = {BAD_MAGIC, BAD_MAJOR, BAD_MINOR, BAD_TARGET, 0},
                      .id = BAD_ID,
                      .version = BAD_VERSION,
                      .grammar = BAD_GRAMMAR,
                      .commands = commands,
                      .provides = provides,
                      .init = BAD_INIT},
           .later = {(void *)&whole}};

#ifdef BAD_ENTRY
CLXS_PUBLIC const struct clxs_plugin *BAD_ENTRY(void);
const struct clxs_plugin *
BAD_ENTRY(void)
{
  return &whole.plugin;
}
#else
const struct clxs_plugin *
clxs_plugin_v1(void)
{
#ifdef BAD_UNDEFINED
  if (bad_nobody_has_this()) return NULL;
#endif
#ifdef BAD_NOTHING
  return NULL;
#else
  return &whole.plugin;
#endif
}
#endif
