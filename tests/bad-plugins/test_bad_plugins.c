/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that are wrong in one way each, through the real search, index and loader: what is said of each,
 * and that nothing else suffers. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <testhost/testhost.h>
#include <unistd.h>

#include "base/path.h"
#include "base/str.h"
#include "bench.h"
#include "plugin/check.h"

/* Load bad.NAME and say how it ended. */
static clxs_status
load(struct bench *bench, const char *name, const struct loaded **loaded)
{
  __attribute__((cleanup(testhost_cleanup))) struct testhost *host = testhost_new();
  struct registry *registry = bench_open(bench);

  return registry_load(registry, arena_printf(bench->arena, "bad.%s", name), testhost_call(host), loaded,
                       &bench->err);
}

Test(bad_plugins, good_loads)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded, *again;
  __attribute__((cleanup(testhost_cleanup))) struct testhost *host = testhost_new();
  struct registry *registry;

  bench_add(&bench, "good");
  registry = bench_open(&bench);
  cr_assert_eq(registry_load(registry, "bad.good", testhost_call(host), &loaded, &bench.err), CLXS_OK, "%s",
               bench.err.message);
  cr_expect_str_eq(loaded->about->version, "1.0.0");
  cr_expect_not_null(loaded_command(loaded, "good again"));
  cr_expect_null(loaded_command(loaded, "good never"));
  cr_expect_not_null(loaded_provider(loaded, "bad.cap.good/1"));
  cr_expect_eq(registry_load(registry, "bad.good", testhost_call(host), &again, &bench.err), CLXS_OK);
  cr_expect_eq(again, loaded);
  registry_close(registry);
}

Test(bad_plugins, later_minor_and_extra_symbols_load)
{
  static const char *const names[] = {"larger", "extra-export"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
    CLEANUP_BENCH struct bench bench = bench_new();
    const struct loaded *loaded;

    bench_add(&bench, names[i]);
    cr_expect_eq(load(&bench, names[i], &loaded), CLXS_OK, "%s: %s", names[i], bench.err.message);
    cr_expect_not_null(loaded_command(loaded, names[i]));
  }
}

Test(bad_plugins, refused_with_id_version_and_reason)
{
  static const struct {
    const char *name, *reason;
  } cases[] = {
      {"magic", "does not return a clxs plugin (wrong magic number)"},
      {"major", "it was built for plugin ABI 2.0; this clxs 0.1.0 has 1.0"},
      {"target", "it needs plugin ABI 1.7 at least; this clxs 0.1.0 has 1.0"},
      {"short-size", "its descriptor has 40 bytes, at least"},
      {"tiny-size", "does not return a clxs plugin"},
      {"no-run", "its command \"no-run again\" has no run function"},
      {"hash", "plugin.json has changed since the library was built"},
      {"no-name", "its command 2 has no name"},
      {"command-size", "the descriptor of its command 2 has 16 bytes"},
      {"twice", "its command \"twice\" is there twice"},
      {"missing-command", "plugin.json has a command \"missing-command again\", the library has not"},
      {"extra-command", "its command \"third\" is not in plugin.json"},
      {"id", "the library says it is \"somebody.else\""},
      {"no-id", "the library says it is \"(nothing)\""},
      {"other-version", "the library says it is version \"1.0.1\""},
      {"capability", "its capability other.cap/1 is not in plugin.json"},
      {"no-capability", "plugin.json provides 1 capabilities, the library 0"},
      {"no-table", "its capability 1 is incomplete"},
      {"entry", "exports no clxs_plugin_v1"},
      {"nothing", "clxs_plugin_v1() returned nothing"},
      {"undefined", "bad_nobody_has_this"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BENCH struct bench bench = bench_new();
    const struct loaded *loaded;

    bench_add(&bench, cases[i].name);
    cr_expect_eq(load(&bench, cases[i].name, &loaded), CLXS_E_ABI, "%s", cases[i].name);
    cr_expect(strstr(bench.err.message, cases[i].reason), "%s: \"%s\" is not in: %s", cases[i].name,
              cases[i].reason, bench.err.message);
    cr_expect(strstr(bench.err.message, arena_printf(bench.arena, "bad.%s 1.0.0", cases[i].name)), "%s",
              bench.err.message);
    cr_expect_not_null(bench.err.hint);
    cr_expect_eq(clxs_exit_code(bench.err.status), 3);
  }
}

Test(bad_plugins, files_that_are_no_library)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded;

  unlink(path_join(bench.arena, bench_add(&bench, "no-library"), "no-library.so"));
  cr_expect_eq(load(&bench, "no-library", &loaded), CLXS_E_CONFIG);
  cr_expect(strstr(bench.err.message, "no-library.so"), "%s", bench.err.message);
  err_clear(&bench.err);
  bench_add(&bench, "no-elf");
  bench_write(&bench, "no-elf/no-elf.so", "#!/bin/sh\n");
  cr_expect_eq(load(&bench, "no-elf", &loaded), CLXS_E_ABI);
  cr_expect(strstr(bench.err.message, "bad.no-elf 1.0.0"), "%s", bench.err.message);
}

Test(bad_plugins, init_that_fails)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded;

  bench_add(&bench, "init");
  bench_add(&bench, "init-silent");
  cr_expect_eq(load(&bench, "init", &loaded), CLXS_E_CONFIG);
  cr_expect_str_eq(bench.err.message, "plugin bad.init 1.0.0 could not start: the moon is not full");
  cr_expect_str_eq(bench.err.hint, "wait for it");
  err_clear(&bench.err);
  cr_expect_eq(load(&bench, "init-silent", &loaded), CLXS_E_DATA);
  cr_expect(strstr(bench.err.message, "gave no reason"), "%s", bench.err.message);
}

/* The verdict of `plugin check` on a plugin. */
static struct plugin_check
check(struct bench *bench, const char *name, int64_t within_ms)
{
  __attribute__((cleanup(testhost_cleanup))) struct testhost *host = testhost_new();
  struct registry *registry = bench_open(bench);
  struct plugin_check result;

  cr_assert_eq(plugin_check(bench->arena, registry, arena_printf(bench->arena, "bad.%s", name),
                            testhost_call(host), within_ms, &result, &bench->err),
               CLXS_OK);
  return result;
}

Test(bad_plugins, checked_in_a_process_of_their_own)
{
  static const struct {
    const char *name, *verdict, *detail;
    int64_t within_ms;
  } cases[] = {
      {"good", "ok", NULL, 60000},
      {"magic", "refused", "wrong magic number", 60000},
      {"init", "refused", "the moon is not full", 60000},
      {"crash", "crashed", "crashed while it was loaded: Aborted", 60000},
      {"init-crash", "crashed", "crashed while it was loaded: Aborted", 60000},
      {"leaves", "crashed", "ended the process while it was loaded (exit 7)", 60000},
      {"hang", "hung", "was not ready after 0.2 s", 200},
      {"noise", "noisy", "printed \"hello\"", 60000},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BENCH struct bench bench = bench_new();
    struct plugin_check result;

    bench_add(&bench, cases[i].name);
    result = check(&bench, cases[i].name, cases[i].within_ms);
    cr_expect_str_eq(result.verdict, cases[i].verdict, "%s: %s: %s", cases[i].name, result.verdict,
                     result.detail);
    cr_expect_eq(result.good, str_eq(cases[i].verdict, "ok"));
    if (cases[i].detail)
      cr_expect(result.detail && strstr(result.detail, cases[i].detail), "%s: %s", cases[i].name,
                result.detail);
  }
}

/* -- Who may change the files -- */

Test(bad_plugins, writable_by_others)
{
  static const struct {
    const char *path;
    mode_t mode;
    const char *reason;
  } cases[] = {
      {"plugins", 0777, "can be changed by everybody (mode 0777)"},
      {"plugins", 01777, "can be changed by everybody (mode 1777)"},
      {"plugins", 0775, "can be changed by its group (mode 0775)"},
      {"plugins/good", 0757, "can be changed by everybody"},
      {"plugins/good/good.so", 0666, "can be changed by everybody"},
      {"plugins/good/good.so", 0664, "can be changed by its group"},
      {"plugins/good/plugin.json", 0666, "can be changed by everybody"},
      {".", 0777, "can be changed by everybody"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BENCH struct bench bench = bench_new();
    const struct loaded *loaded;

    bench_add(&bench, "good");
    chmod(path_join(bench.arena, bench.root, cases[i].path), cases[i].mode);
    cr_expect_eq(load(&bench, "good", &loaded), CLXS_E_CONFIG, "%s", cases[i].path);
    cr_expect(strstr(bench.err.message, cases[i].reason), "%s %o: %s", cases[i].path, cases[i].mode,
              bench.err.message);
    chmod(bench.root, 0700);
  }
}

Test(bad_plugins, sticky_directory_on_the_way_is_fine)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded;

  bench_add(&bench, "good");
  chmod(bench.root, 01777);
  cr_expect_eq(load(&bench, "good", &loaded), CLXS_OK, "%s", bench.err.message);
}

Test(bad_plugins, belongs_to_another_user)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded;

  if (geteuid() != 0) cr_skip_test("only root can give a file away");
  bench_add(&bench, "good");
  cr_assert_eq(chown(path_join(bench.arena, bench.plugins, "good/good.so"), 12345, 0), 0);
  cr_expect_eq(load(&bench, "good", &loaded), CLXS_E_CONFIG);
  cr_expect(strstr(bench.err.message, "belongs to another user (uid 12345)"), "%s", bench.err.message);
}

Test(bad_plugins, link_that_leads_out)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded;
  const char *library = path_join(bench.arena, bench_add(&bench, "good"), "good.so");

  unlink(library);
  cr_assert_eq(symlink(CLXS_BINARY_DIR "/tests/bad-plugins/good/good.so", library), 0);
  cr_expect_eq(load(&bench, "good", &loaded), CLXS_E_CONFIG);
  cr_expect(strstr(bench.err.message, "leads out of its directory"), "%s", bench.err.message);
}

/* -- The site's policy -- */

static void
write_policy(struct bench *bench, const char *text)
{
  cr_assert_eq(path_write(bench->options.policy, text, strlen(text), 0644, &bench->err), CLXS_OK);
}

Test(bad_plugins, policy_pins)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded;
  char *end, pin[512];

  bench_add(&bench, "good");
  bench_add(&bench, "larger");
  write_policy(&bench, "pins:\n  - id: bad.good\n    sha256: "
                       "0000000000000000000000000000000000000000000000000000000000000000\n");
  cr_expect_eq(load(&bench, "good", &loaded), CLXS_E_CONFIG);
  end = strstr(bench.err.message, "has the SHA-256 ");
  cr_assert_not_null(end, "%s", bench.err.message);
  snprintf(pin, sizeof pin, "only_pinned: true\npins:\n  - id: bad.good\n    sha256: %.64s\n",
           end + strlen("has the SHA-256 "));
  err_clear(&bench.err);
  write_policy(&bench, pin);
  cr_expect_eq(load(&bench, "good", &loaded), CLXS_OK, "%s", bench.err.message);
  cr_expect_eq(load(&bench, "larger", &loaded), CLXS_E_CONFIG);
  cr_expect(strstr(bench.err.message, "only pinned plugins"), "%s", bench.err.message);
}

Test(bad_plugins, policy_without_user_directories)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct loaded *loaded;

  bench_add(&bench, "good");
  write_policy(&bench, "user_plugins: false\n");
  cr_expect_eq(load(&bench, "good", &loaded), CLXS_E_NOT_FOUND);
}

Test(bad_plugins, policy_that_cannot_be_read_stops_everything)
{
  static const char *const texts[] = {"user_plugin: false\n", "pins: [\n",
                                      "pins:\n  - id: x\n    sha256: abc\n", "only_pinned: perhaps\n"};

  for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
    CLEANUP_BENCH struct bench bench = bench_new();
    struct registry *registry;

    write_policy(&bench, texts[i]);
    cr_expect_eq(registry_open(bench.arena, &bench.options, &registry, &bench.err), CLXS_E_CONFIG, "%s",
                 texts[i]);
    cr_expect(strstr(bench.err.message, "site policy") && bench.err.cause, "%s", bench.err.message);
  }
}
