/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what people configure clxs with; the first one says what they are: a configuration file, a
 * .databrickscfg, a value with variables, or a host. What must hold: an answer or an error with words, and
 * hosts that come out go in again unchanged. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "auth/cfgfile.h"
#include "auth/host.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/expand.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(clxs_status status, const struct err *err)
{
  if (status != CLXS_OK && (status != CLXS_E_CONFIG || !err->message || !*err->message)) abort();
}

static void
load_configuration(struct arena *arena, const char *text, size_t size)
{
  static const struct conf_key keys[] = {
      {.name = "n", .type = TYPE_INTEGER, .has_min = true, .min = 1},
      {.name = "g.d", .type = TYPE_DURATION},
      {.name = "g.l", .list = true},
      {.name = "f", .free_form = true},
  };
  CLEANUP_FD int fd = memfd_create("fuzz", MFD_CLOEXEC);
  char path[64];
  struct err err = ERR_INIT(arena);
  struct conf_source source = {.file = path, .keys = keys, .key_count = ARRAY_SIZE(keys)};
  struct conf_plugins plugins;
  struct conf *conf;
  clxs_status status;

  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  if (fd < 0 || write(fd, text, size) != (ssize_t)size) return;
  conf_read_plugins(arena, path, &plugins);
  status = conf_load(arena, &source, &conf, &err);
  check(status, &err);
  if (status != CLXS_OK) return;
  for (size_t i = 0; conf_key_at(conf, i); i++) {
    const char *name = conf_key_at(conf, i)->name;

    (void)conf_int(conf, name, 0);
    if ((conf_secret(conf, name) == NULL) != (conf_origin(conf, name) == NULL)) abort();
  }
}

static void
read_profiles(struct arena *arena, const char *text, size_t size)
{
  struct err err = ERR_INIT(arena);
  struct cfgfile file;
  const char *profile;
  clxs_status status = cfgfile_parse(arena, "f", text, size, &file, &err);

  check(status, &err);
  if (status != CLXS_OK) return;
  check(cfgfile_choose(&file, NULL, &profile, &err), &err);
  (void)cfgfile_get(&file, "DEFAULT", "host");
}

static void
read_host(struct arena *arena, const char *text)
{
  struct err err = ERR_INIT(arena);
  struct host host, again;
  clxs_status status = host_parse(arena, text, &host, &err);

  check(status, &err);
  if (status != CLXS_OK) return;
  if (!host_is_safe(host.url) || host_parse(arena, host.url, &again, &err) != CLXS_OK) abort();
  if (strcmp(host.url, again.url) != 0) abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const char *text, *expanded;

  if (size == 0) return 0;
  text = arena_strndup(arena, (const char *)data + 1, size - 1);
  switch (data[0] % 4) {
  case 0: load_configuration(arena, text, size - 1); break;
  case 1: read_profiles(arena, text, size - 1); break;
  case 2: check(expand_text(arena, text, "here", &expanded, &err), &err); break;
  default: read_host(arena, text);
  }
  return 0;
}
