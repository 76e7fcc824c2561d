/* SPDX-License-Identifier: Apache-2.0 */
/* The registry without loading anything: the index and when it is made anew, which plugin wins, what words
 * mean, and the questions that the host asks of all manifests. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bad-plugins/bench.h"
#include "base/path.h"
#include "base/str.h"

/* A manifest in plugins/DIR whose members behind the fixed ones are REST. */
static void
plugin(struct bench *bench, const char *dir, const char *id, const char *rest)
{
  bench_write(
      bench, arena_printf(bench->arena, "%s/plugin.json", dir),
      arena_printf(
          bench->arena,
          "{\"schema\":1,\"id\":\"%s\",\"version\":\"1.2.0\",\"library\":\"x.so\",\"abi\":\"1.0\"%s%s}", id,
          *rest ? "," : "", rest));
}

#define ONE(name) "\"commands\":[{\"name\":\"" name "\",\"summary\":\"Do " name "\",\"group\":\"G\"}]"

/* The index file's inode: another one whenever it is written. */
static ino_t
index_inode(struct bench *bench)
{
  DIR *dir = opendir(bench->options.cache_dir);
  ino_t inode = 0;

  for (struct dirent *entry; dir && (entry = readdir(dir));)
    if (str_starts(entry->d_name, "index-")) inode = entry->d_ino;
  if (dir) closedir(dir);
  return inode;
}

static const char *
index_path(struct bench *bench)
{
  DIR *dir = opendir(bench->options.cache_dir);
  const char *path = NULL;

  for (struct dirent *entry; dir && (entry = readdir(dir));)
    if (str_starts(entry->d_name, "index-"))
      path = path_join(bench->arena, bench->options.cache_dir, entry->d_name);
  if (dir) closedir(dir);
  cr_assert_not_null(path);
  return path;
}

/* Find a command given as words with spaces between; the plugin's id, "(host)" or the error's message. */
static const char *
find(struct bench *bench, struct registry *registry, const char *line)
{
  const struct grammar_command *command;
  const char *id, *words[8];
  char *rest = arena_strdup(bench->arena, line);
  int count = 0, used;

  while (rest && count < 8)
    words[count++] = strsep(&rest, " ");
  err_clear(&bench->err);
  if (registry_find(registry, count, words, &command, &id, &used, &bench->err) != CLXS_OK)
    return bench->err.message;
  return arena_printf(bench->arena, "%s %s %d", id ? id : "(host)", command->name, used);
}

static const char *
find_now(struct bench *bench, const char *line)
{
  struct registry *registry = bench_open(bench);
  const char *found = find(bench, registry, line);

  registry_close(registry);
  return found;
}

Test(registry, index_is_kept_and_used)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  ino_t first;

  plugin(&bench, "a", "org.a", ONE("alpha"));
  plugin(&bench, "b", "org.b", ONE("beta"));
  bench_settle(&bench);
  cr_expect_str_eq(find_now(&bench, "alpha"), "org.a alpha 1");
  first = index_inode(&bench);
  cr_expect_neq(first, 0);
  /* A manifest that is broken in place is not looked at by a run that needs another one. */
  bench_write(&bench, "b/plugin.json", "{");
  cr_expect_str_eq(find_now(&bench, "alpha --x"), "org.a alpha 1");
  cr_expect_eq(index_inode(&bench), first, "the index was written again");
  cr_expect(strstr(find_now(&bench, "beta"), "cannot be used"), "%s", bench.err.message);
  cr_expect_neq(index_inode(&bench), first);
}

Test(registry, young_index_is_distrusted)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  ino_t first;

  plugin(&bench, "a", "org.a", ONE("alpha"));
  registry_close(bench_open(&bench));
  first = index_inode(&bench);
  cr_expect_neq(first, 0);
  /* The directory may have changed in the same tick as the index was made. */
  registry_close(bench_open(&bench));
  cr_expect_neq(index_inode(&bench), first);
}

Test(registry, changes_are_noticed)
{
  CLEANUP_BENCH struct bench bench = bench_new();

  plugin(&bench, "a", "org.a", ONE("alpha"));
  bench_settle(&bench);
  cr_expect_str_eq(find_now(&bench, "alpha"), "org.a alpha 1");
  plugin(&bench, "a", "org.a", ONE("gamma"));
  cr_expect_str_eq(find_now(&bench, "gamma"), "org.a gamma 1");
  cr_expect(str_starts(find_now(&bench, "alpha"), "unknown command"));
  plugin(&bench, "b", "org.b", ONE("beta"));
  cr_expect_str_eq(find_now(&bench, "beta"), "org.b beta 1");
  unlink(path_join(bench.arena, bench.plugins, "b/plugin.json"));
  cr_expect_str_eq(find_now(&bench, "beta"), "unknown command \"beta\"");
}

Test(registry, mended_modes_are_noticed)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const char *places[] = {path_join(bench.arena, bench.plugins, "a"), bench.plugins, bench.root};

  plugin(&bench, "a", "org.a", ONE("alpha"));
  for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
    bench_settle(&bench);
    chmod(places[i], 0777);
    cr_expect(strstr(find_now(&bench, "alpha"), "can be changed by everybody"), "%s", bench.err.message);
    chmod(places[i], 0755);
    cr_expect_str_eq(find_now(&bench, "alpha"), "org.a alpha 1");
  }
}

Test(registry, damaged_and_foreign_indexes_are_ignored)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  struct stat info;

  plugin(&bench, "a", "org.a", ONE("alpha"));
  bench_settle(&bench);
  find_now(&bench, "alpha");
  cr_assert_eq(stat(index_path(&bench), &info), 0);
  for (off_t size = 0; size < info.st_size; size += 7) {
    cr_assert_eq(truncate(index_path(&bench), size), 0);
    cr_expect_str_eq(find_now(&bench, "alpha"), "org.a alpha 1", "cut to %ld bytes", (long)size);
  }
  chmod(index_path(&bench), 0666);
  path_write(index_path(&bench), "nonsense\n", 9, 0666, &bench.err);
  chmod(index_path(&bench), 0666);
  cr_expect_str_eq(find_now(&bench, "alpha"), "org.a alpha 1");
}

/* A file of ours that a disk or a person has altered: anything may be said, nothing may crash. */
Test(registry, altered_index_does_no_harm)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct registry_hook *hooks;
  const struct registry_line *lines;
  const struct conf_key *keys;
  char *text;
  size_t length, count;
  unsigned seed = 11;

  plugin(&bench, "a", "org.a",
         "\"config\":[{\"key\":\"k\",\"type\":\"choice\",\"choices\":[\"a\",\"b\"]}],\"hooks\":[{\"topic\":"
         "\"t.*\",\"command\":"
         "\"alpha\"}]," ONE("alpha"));
  bench_settle(&bench);
  find_now(&bench, "alpha");
  cr_assert_eq(path_read(bench.arena, index_path(&bench), 1 << 20, &text, &length, &bench.err), CLXS_OK);
  for (int round = 0; round < 150; round++) {
    char *copy = arena_strndup(bench.arena, text, length);
    struct registry *registry;

    for (int i = 0; i < 3; i++) {
      static const char pieces[] = "\t\n\\-x0 ";

      seed = seed * 1103515245U + 12345U;
      /* Behind the head, else it is simply made anew. */
      copy[length / 3 + (seed >> 8) % (length - length / 3)] = pieces[(seed >> 4) % (sizeof pieces - 1)];
    }
    cr_assert_eq(path_write(index_path(&bench), copy, length, 0600, &bench.err), CLXS_OK);
    registry = bench_open(&bench);
    registry_lines(registry, &lines);
    registry_keys(registry, &keys, &count, &bench.err);
    registry_hooks(registry, "t.x", &hooks);
    find(&bench, registry, "alpha");
    registry_close(registry);
  }
}

Test(registry, works_without_a_cache)
{
  CLEANUP_BENCH struct bench bench = bench_new();

  bench.options.cache_dir = "/dev/null/cache";
  plugin(&bench, "a", "org.a", ONE("alpha"));
  cr_expect_str_eq(find_now(&bench, "alpha"), "org.a alpha 1");
}

Test(registry, no_plugins)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct registry_line *lines;
  struct registry *registry;
  size_t count;

  plugin(&bench, "a", "org.a", ONE("alpha"));
  bench.options.no_plugins = true;
  registry = bench_open(&bench);
  cr_expect(str_starts(find(&bench, registry, "alpha"), "unknown command"));
  cr_expect_str_eq(find(&bench, registry, "plugin list -o json"), "(host) plugin list 2");
  count = registry_lines(registry, &lines);
  for (size_t i = 0; i < count; i++)
    cr_expect_null(lines[i].plugin);
  registry_close(registry);
}

Test(registry, words_to_commands)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  static const struct {
    const char *line, *found, *hint;
  } cases[] = {
      {"audit", "org.a audit 1", NULL},
      {"audit show", "org.a audit show 2", NULL},
      {"audit shown", "org.a audit 1", NULL},
      {"audit show all now", "org.a audit show all 3", NULL},
      {"audit --x show", "org.a audit 1", NULL},
      {"plugin list", "(host) plugin list 2", NULL},
      {"org.a:audit show", "org.a audit show 2", NULL},
      {"org.b:audit show", "no plugin \"org.b\" is installed", "did you mean \"org.a\"?"},
      {"org.a:audif", "the plugin org.a has no command \"audif\"", "did you mean \"audit\""},
      {"adit", "unknown command \"adit\"", "did you mean \"audit\""},
      {"plugin", "\"plugin\" needs a command behind it", "see `clxs help plugin`"},
      {"plugin lst", "unknown command \"plugin lst\"", "did you mean \"plugin list\""},
      {"xyzzy", "unknown command \"xyzzy\"", "see `clxs help`"},
      {"--x", "no command is given", NULL},
      {"", "unknown command \"\"", "see `clxs help`"},
  };
  struct registry *registry;

  plugin(&bench, "a", "org.a",
         "\"commands\":[{\"name\":\"audit\",\"summary\":\"s\"},{\"name\":\"audit "
         "show\",\"summary\":\"s\"},{\"name\":"
         "\"audit show all\",\"summary\":\"s\"}]");
  registry = bench_open(&bench);
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_expect_str_eq(find(&bench, registry, cases[i].line), cases[i].found);
    if (cases[i].hint)
      cr_expect(bench.err.hint && str_starts(bench.err.hint, cases[i].hint), "%s: %s", cases[i].line,
                bench.err.hint);
  }
  registry_close(registry);
}

/* Whatever is wrong with a plugin: its command names it, and is no usage error. */
Test(registry, command_of_a_plugin_that_cannot_be_used)
{
  static const struct {
    const char *dir, *manifest;
  } cases[] = {
      {"alpha", "{"},
      {"other", "{\"schema\":1,\"commands\":[{\"name\":\"alpha\",\"summ"},
      {"other", "{\"schema\":1,\"id\":\"o\",\"version\":\"1.0.0\",\"library\":\"o.so\",\"abi\":\"3.0\"," ONE(
                    "alpha") "}"},
      {"other",
       "{\"schema\":1,\"id\":\"o\",\"version\":\"1\",\"library\":\"o.so\",\"abi\":\"1.0\"," ONE("alpha") "}"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BENCH struct bench bench = bench_new();

    bench_write(&bench, arena_printf(bench.arena, "%s/plugin.json", cases[i].dir), cases[i].manifest);
    cr_expect(strstr(find_now(&bench, "alpha x"), " with the command \"alpha\" cannot be used: "), "%s: %s",
              cases[i].manifest, bench.err.message);
    cr_expect_eq(bench.err.status, CLXS_E_CONFIG);
    cr_expect(str_starts(find_now(&bench, "beta"), "unknown command"), "%s", bench.err.message);
  }
}

Test(registry, two_plugins_one_command)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  static const char *const prefer[] = {"org.b", NULL};

  plugin(&bench, "a", "org.a", ONE("alpha"));
  plugin(&bench, "b", "org.b", ONE("alpha"));
  cr_expect_str_eq(find_now(&bench, "alpha"),
                   "the command \"alpha\" is claimed by the plugins org.a and org.b");
  cr_expect_eq(bench.err.status, CLXS_E_CONFIG);
  cr_expect_str_eq(find_now(&bench, "org.b:alpha"), "org.b alpha 1");
  bench.options.prefer = prefer;
  cr_expect_str_eq(find_now(&bench, "alpha"), "org.b alpha 1");
}

/* What registry_all says of the plugin in directory DIR, as "state: reason". */
static const char *
state_of(struct bench *bench, const char *dir)
{
  const struct registry_plugin *const *plugins;
  struct registry *registry = bench_open(bench);
  const char *text = "(not there)";
  size_t count;

  cr_assert_eq(registry_all(registry, &plugins, &count, &bench->err), CLXS_OK);
  for (size_t i = 0; i < count; i++)
    if (str_eq(path_basename(plugins[i]->directory), dir))
      text = arena_printf(bench->arena, "%s: %s", plugins[i]->state,
                          plugins[i]->reason ? plugins[i]->reason : "");
  registry_close(registry);
  return text;
}

Test(registry, states)
{
  static const struct {
    const char *dir, *id, *rest, *state;
  } cases[] = {
      {"a", "org.a", ONE("alpha"), "ok: "},
      {"b", "org.a", ONE("beta"), "shadowed: org.a in "},
      {"c", "org.c", ONE("plugin list"), "refused: the command \"plugin list\" is built into clxs"},
      {"d", "org.d", "\"requires\":[\"clxs.telepathy/1\"]",
       "refused: org.d 1.2.0 requires the service clxs.telepathy/1"},
      {"e", "org.e", "\"uses\":[\"x.f/1\"],\"provides\":[\"x.e/1\"]",
       "refused: capabilities go round in a circle: org.e -> org.f -> org.e"},
      {"f", "org.f", "\"uses\":[\"x.e/1\"],\"provides\":[\"x.f/1\"]",
       "refused: capabilities go round in a circle"},
      {"g", "org.g", "\"uses\":[\"x.e/1\",\"x.nobody/1\"]", "ok: "},
      {"h", "org.h", "\"commands\":7", "invalid: "},
      {"i", "org.i", "\"hooks\":[{\"topic\":\"t\",\"command\":\"c\"}]", "invalid: "},
  };
  static const char *const disabled[] = {"org.j", NULL};
  CLEANUP_BENCH struct bench bench = bench_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    plugin(&bench, cases[i].dir, cases[i].id, cases[i].rest);
  plugin(&bench, "j", "org.j", ONE("jota"));
  bench.options.disabled = disabled;
  bench_write(&bench, "old/plugin.json",
              "{\"schema\":1,\"id\":\"org.old\",\"version\":\"1.0.0\",\"library\":\"x.so\",\"abi\":\"2.3\"}");
  mkdir(path_join(bench.arena, bench.plugins, "empty"), 0755);
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    cr_expect(str_starts(state_of(&bench, cases[i].dir), cases[i].state), "%s: %s", cases[i].dir,
              state_of(&bench, cases[i].dir));
  cr_expect_str_eq(state_of(&bench, "j"), "refused: disabled by configuration");
  cr_expect(strstr(state_of(&bench, "old"), "org.old 1.0.0 needs plugin ABI 2.3; this clxs 0.1.0 has 1.0"),
            "%s", state_of(&bench, "old"));
  cr_expect_str_eq(state_of(&bench, "empty"), "(not there)");
  cr_expect(strstr(find_now(&bench, "jota"), "cannot be used: disabled by configuration"));
  cr_expect_eq(bench.err.status, CLXS_E_CONFIG);
}

Test(registry, first_directory_wins)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const char *second = path_join(bench.arena, bench.root, "second");

  plugin(&bench, "a", "org.a", ONE("alpha"));
  cr_assert_eq(path_make(path_join(bench.arena, second, "a"), &bench.err), CLXS_OK);
  bench_write(
      &bench, "../second/a/plugin.json",
      "{\"schema\":1,\"id\":\"org.a\",\"version\":\"9.0.0\",\"library\":\"x.so\",\"abi\":\"1.0\"," ONE(
          "newer") "}");
  setenv("CLXS_PLUGIN_PATH", arena_printf(bench.arena, "relative:%s::%s", bench.plugins, second), 1);
  cr_expect_str_eq(find_now(&bench, "alpha"), "org.a alpha 1");
  cr_expect(str_starts(find_now(&bench, "newer"), "unknown command"));
  setenv("CLXS_PLUGIN_PATH", arena_printf(bench.arena, "%s:%s", second, bench.plugins), 1);
  cr_expect_str_eq(find_now(&bench, "newer"), "org.a newer 1");
}

Test(registry, keys)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct conf_key *keys;
  struct registry *registry;
  size_t count;

  plugin(&bench, "a", "org.a",
         "\"commands\":[{\"name\":\"a\",\"summary\":\"s\",\"flags\":[{\"name\":\"x\",\"help\":\"h\","
         "\"config\":\"k.one\"},"
         "{\"name\":\"y\",\"help\":\"h\\t\\\\\",\"repeat\":true,\"config\":\"k.two\"}]}]");
  plugin(&bench, "b", "org.b",
         "\"config\":[{\"key\":\"k.one\",\"type\":\"choice\",\"choices\":[\"lo "
         "w\",\"high\"],\"default\":\"lo w\",\"env\":"
         "\"K\",\"help\":\"Help \\\\ "
         "me\"},{\"key\":\"k.zzz\",\"list\":true,\"secret\":true,\"default\":[\"a\"]}]");
  bench_write(&bench, "a/plugin.json",
              "{\"schema\":1,\"id\":\"org.a\",\"version\":\"1.2.0\",\"library\":\"x.so\",\"abi\":\"1.0\","
              "\"commands\":[{\"name\":\"a\",\"summary\":\"s\",\"flags\":[{\"name\":\"x\",\"help\":\"h\","
              "\"config\":\"k.one\"},"
              "{\"name\":\"y\",\"help\":\"h\",\"repeat\":true,\"config\":\"k.two\"}]}]}");
  registry = bench_open(&bench);
  cr_assert_eq(registry_keys(registry, &keys, &count, &bench.err), CLXS_OK);
  cr_assert_eq(count, 3);
  cr_expect_str_eq(keys[0].name, "k.one");
  cr_expect_str_eq(keys[0].owner, "org.b", "the one that declares it stands above the flag that implies it");
  cr_expect_eq(keys[0].type, TYPE_CHOICE);
  cr_expect_str_eq(keys[0].choices[0], "lo w");
  cr_expect_str_eq(keys[0].choices[1], "high");
  cr_expect_null(keys[0].choices[2]);
  cr_expect_str_eq(keys[0].help, "Help \\ me");
  cr_expect_str_eq(keys[0].env, "K");
  cr_expect_str_eq(keys[1].name, "k.two");
  cr_expect(keys[1].list);
  cr_expect_null(keys[1].default_value);
  cr_expect(keys[2].list && keys[2].secret);
  cr_expect_str_eq(keys[2].default_value, "[\"a\"]");
  registry_close(registry);
}

Test(registry, providers_and_hooks)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  static const char *const prefer[] = {"org.b", NULL};
  const struct registry_hook *hooks;
  const char *const *ids;
  struct registry *registry;

  plugin(&bench, "a", "org.a", "\"provides\":[\"x.iac/1\",\"x.iac/10\"]");
  plugin(&bench, "b", "org.b",
         "\"provides\":[\"x.iac/"
         "1\"],\"hooks\":[{\"topic\":\"clone.*\",\"command\":\"b\"},{\"topic\":\"clone.finished\","
         "\"command\":\"b\"},{\"topic\":\"sync.*\",\"command\":\"b\"}]," ONE("b"));
  bench.options.prefer = prefer;
  registry = bench_open(&bench);
  cr_assert_eq(registry_providers(registry, "x.iac/1", &ids), 2);
  cr_expect_str_eq(ids[0], "org.b");
  cr_expect_str_eq(ids[1], "org.a");
  cr_expect_eq(registry_providers(registry, "x.none/1", &ids), 0);
  cr_expect_eq(registry_hooks(registry, "clone.finished", &hooks), 2);
  cr_expect_str_eq(hooks[0].plugin, "org.b");
  cr_expect_eq(registry_hooks(registry, "clone.table.done", &hooks), 1);
  cr_expect_eq(registry_hooks(registry, "clone", &hooks), 0);
  cr_expect_eq(registry_hooks(registry, "clonefish.x", &hooks), 0);
  registry_close(registry);
}

Test(registry, many_plugins)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const struct registry_line *lines;
  struct registry *registry;
  size_t own = 0, count;

  for (int i = 0; i < 300; i++)
    plugin(&bench, arena_printf(bench.arena, "p%03d", i), arena_printf(bench.arena, "org.p%d", i),
           arena_printf(bench.arena, "\"commands\":[{\"name\":\"cmd%d\",\"summary\":\"s\"}]", i));
  bench_settle(&bench);
  registry_close(bench_open(&bench));
  registry = bench_open(&bench);
  for (int i = 0; i < 300; i++)
    cr_expect_str_eq(find(&bench, registry, arena_printf(bench.arena, "cmd%d", i)),
                     arena_printf(bench.arena, "org.p%d cmd%d 1", i, i));
  count = registry_lines(registry, &lines);
  for (size_t i = 0; i < count; i++)
    own += lines[i].plugin != NULL;
  cr_expect_eq(own, 300);
  registry_close(registry);
}

Test(registry, packs)
{
  CLEANUP_BENCH struct bench bench = bench_new();
  const char *pack = path_join(bench.arena, bench.plugins, "../pack");
  const char *const packs[] = {pack, NULL}, *words[] = {"refresh", "--dry-run"}, *const *argv = words;
  const struct conf_default *defaults;
  struct registry *registry;
  int argc = 2;

  plugin(&bench, "a", "org.a", ONE("alpha"));
  plugin(&bench, "b", "org.b", ONE("alpha"));
  plugin(&bench, "c", "org.c", ONE("gamma"));
  bench_write(&bench, "../pack/pack.json",
              "{\"schema\":1,\"id\":\"org.team\",\"version\":\"1.0.0\",\"config\":{\"max_workers\":8,"
              "\"exclude_schemas\":"
              "[\"tmp\",\"x\"],\"dry_run\":true},\"aliases\":{\"refresh\":[\"alpha\",\"--source\",\"p "
              "q\"],\"alpha\":[\"x\"],"
              "\"version\":[\"x\"]},\"prefer\":[\"org.b\"],\"disable\":[\"org.c\"]}");
  cr_assert_eq(path_make(path_join(bench.arena, pack, "plugins/d"), &bench.err), CLXS_OK);
  bench_write(
      &bench, "../pack/plugins/d/plugin.json",
      "{\"schema\":1,\"id\":\"org.d\",\"version\":\"1.0.0\",\"library\":\"d.so\",\"abi\":\"1.0\"," ONE(
          "delta") "}");
  bench.options.packs = packs;
  registry = bench_open(&bench);
  cr_expect_str_eq(find(&bench, registry, "alpha"), "org.b alpha 1");
  cr_expect_str_eq(find(&bench, registry, "delta"), "org.d delta 1");
  cr_expect(strstr(find(&bench, registry, "gamma"), "disabled by configuration"));
  cr_assert_eq(registry_pack_defaults(registry, &defaults), 3);
  cr_expect_str_eq(defaults[0].key, "max_workers");
  cr_expect_str_eq(defaults[0].value, "8");
  cr_expect_str_eq(defaults[0].pack, "org.team");
  cr_expect_str_eq(defaults[2].value, "true");
  cr_expect(strstr(defaults[1].value, "\"tmp\""));
  cr_assert(registry_expand_alias(registry, &argc, &argv));
  cr_assert_eq(argc, 4);
  cr_expect_str_eq(argv[0], "alpha");
  cr_expect_str_eq(argv[2], "p q");
  cr_expect_str_eq(argv[3], "--dry-run");
  cr_expect_not(registry_expand_alias(registry, &argc, &argv), "commands are not hidden by aliases");
  registry_close(registry);
}

Test(registry, packs_that_cannot_be_used)
{
  static const char *const texts[] = {
      "{",
      "{\"schema\":2,\"id\":\"a\",\"version\":\"1.0.0\"}",
      "{\"schema\":1,\"id\":\"a\",\"version\":\"1.0.0\",\"alias\":{}}",
      "{\"schema\":1,\"id\":\"a\",\"version\":\"1.0.0\",\"aliases\":{\"x\":[]}}",
      "{\"schema\":1,\"id\":\"a\",\"version\":\"1.0.0\",\"aliases\":{\"X\":[\"a\"]}}",
      "{\"schema\":1,\"id\":\"a\",\"version\":\"1.0.0\",\"aliases\":[]}",
      "{\"schema\":1,\"id\":\"a\",\"version\":\"1.0.0\",\"config\":{\"x\":{}}}",
      "{\"schema\":1,\"id\":\"a\",\"version\":\"1.0.0\",\"config\":{\"x\":null}}",
      "{\"schema\":1,\"id\":\"a\",\"version\":\"1.0.0\",\"config\":{\"X\":1}}"};

  for (size_t i = 0; i < ARRAY_SIZE(texts) + 1; i++) {
    CLEANUP_BENCH struct bench bench = bench_new();
    const char *pack = path_join(bench.arena, bench.root, "pack");
    const char *const packs[] = {pack, NULL};
    struct registry *registry;

    if (i < ARRAY_SIZE(texts)) bench_write(&bench, "../pack/pack.json", texts[i]);
    bench.options.packs = packs;
    cr_expect_eq(registry_open(bench.arena, &bench.options, &registry, &bench.err), CLXS_E_CONFIG, "%s",
                 i < ARRAY_SIZE(texts) ? texts[i] : "no pack");
    cr_expect(str_starts(bench.err.message, "the pack in "), "%s", bench.err.message);
  }
}
