/* SPDX-License-Identifier: Apache-2.0 */
/* Which credentials are used: configuration, environment and .databrickscfg by the rules of the official
 * SDKs. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/auth.h"
#include "base/buf.h"
#include "base/path.h"
#include "base/str.h"
#include "unit/conf_fixture.h"

#include "base/banned.h"

static struct conf_fixture f;

static void
set_up(void)
{
  conf_fixture_set_up(&f);
}

static void
tear_down(void)
{
  conf_fixture_tear_down(&f);
}

TestSuite(auth, .init = set_up, .fini = tear_down);

/* One situation: variables, files, and what comes of it. */
struct situation {
  const char *variables[6]; /* NAME=value */
  const char *yaml, *cfg;
  const char *host, *method, *source; /* expected; SOURCE is how it begins */
  clxs_status status;
  const char *words, *hint; /* of the error */
};

static void
set_variables(const struct situation *it, bool set)
{
  for (size_t i = 0; i < ARRAY_SIZE(it->variables) && it->variables[i]; i++) {
    const char *equals = strchr(it->variables[i], '=');
    const char *name = arena_strndup(f.arena, it->variables[i], (size_t)(equals - it->variables[i]));

    if (set)
      setenv(name, equals + 1, 1);
    else
      unsetenv(name);
  }
}

static void
check(const struct situation *it, size_t number)
{
  struct auth *auth = NULL;
  clxs_status status;

  set_variables(it, true);
  conf_fixture_write(&f, ".databrickscfg", it->cfg ? it->cfg : "");
  if (!it->cfg) remove(path_join(f.arena, f.home, ".databrickscfg"));
  cr_assert_eq(conf_fixture_load(&f, it->yaml ? it->yaml : "", NULL), CLXS_OK, "case %zu: %s", number,
               f.err.message);
  status = auth_resolve(f.arena, f.conf, &auth, &f.err);
  cr_expect_eq(status, it->status, "case %zu: %d %s", number, status, f.err.message);
  if (status == CLXS_OK) {
    cr_expect(str_eq(auth_host(auth), it->host), "case %zu: %s", number, auth_host(auth));
    cr_expect(str_eq(auth_method(auth), it->method), "case %zu: %s", number, auth_method(auth));
    cr_expect(str_starts(auth_source(auth), it->source), "case %zu: %s", number, auth_source(auth));
  } else {
    cr_expect(it->words && strstr(f.err.message, it->words), "case %zu: %s", number, f.err.message);
    cr_expect(!it->hint || strstr(f.err.hint, it->hint), "case %zu: %s", number, f.err.hint);
    cr_expect_null(strstr(f.err.message, "SECRET"), "no secret in messages");
  }
  auth_close(auth);
  set_variables(it, false);
}

#define DEFAULT_CFG \
  "[DEFAULT]\nhost = https://d.example\ntoken = SECRET-d\n[p]\nhost = p.example/\ntoken = SECRET-p\n"

Test(auth, resolution)
{
  static const struct situation situations[] = {
      /* The environment alone. */
      {{"DATABRICKS_HOST=x.example", "DATABRICKS_TOKEN=SECRET"},
       NULL,
       NULL,
       "https://x.example",
       "pat",
       "environment DATABRICKS_TOKEN",
       CLXS_OK,
       NULL,
       NULL},
      {{"DATABRICKS_HOST=x", "DATABRICKS_USERNAME=u", "DATABRICKS_PASSWORD=SECRET"},
       NULL,
       NULL,
       "https://x",
       "basic",
       "environment DATABRICKS_USERNAME",
       CLXS_OK,
       NULL,
       NULL},
      {{"DATABRICKS_HOST=x", "DATABRICKS_CLIENT_ID=i", "DATABRICKS_CLIENT_SECRET=SECRET"},
       NULL,
       NULL,
       "https://x",
       "oauth-m2m",
       "environment DATABRICKS_CLIENT_ID",
       CLXS_OK,
       NULL,
       NULL},
      /* Our configuration, and that the environment is above it. */
      {{NULL},
       "host: y.example\ntoken: SECRET\n",
       NULL,
       "https://y.example",
       "pat",
       "clxs.yaml:2",
       CLXS_OK,
       NULL,
       NULL},
      {{"DATABRICKS_HOST=x"},
       "host: y\ntoken: SECRET\n",
       NULL,
       "https://x",
       "pat",
       "clxs.yaml:2",
       CLXS_OK,
       NULL,
       NULL},
      /* The profile file: DEFAULT by itself, others by name. */
      {{NULL}, NULL, DEFAULT_CFG, "https://d.example", "pat", "profile DEFAULT of ", CLXS_OK, NULL, NULL},
      {{"DATABRICKS_CONFIG_PROFILE=p"},
       NULL,
       DEFAULT_CFG,
       "https://p.example",
       "pat",
       "profile p of ",
       CLXS_OK,
       NULL,
       NULL},
      {{NULL},
       "auth_profile: p\n",
       DEFAULT_CFG,
       "https://p.example",
       "pat",
       "profile p of ",
       CLXS_OK,
       NULL,
       NULL},
      /* Nothing is inherited from DEFAULT. */
      {{"DATABRICKS_CONFIG_PROFILE=q"},
       NULL,
       DEFAULT_CFG "[q]\ntoken = SECRET\n",
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "no workspace is configured",
       NULL},
      /* What is known keeps the file closed, unless a profile is named; then only gaps are filled. */
      {{"DATABRICKS_HOST=x"},
       NULL,
       DEFAULT_CFG,
       NULL,
       NULL,
       NULL,
       CLXS_E_AUTH,
       "no credentials for https://x",
       "DATABRICKS_TOKEN"},
      {{"DATABRICKS_TOKEN=SECRET"},
       NULL,
       DEFAULT_CFG,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "no workspace is configured",
       NULL},
      {{"DATABRICKS_HOST=x", "DATABRICKS_CONFIG_PROFILE=p"},
       NULL,
       DEFAULT_CFG,
       "https://x",
       "pat",
       "profile p of ",
       CLXS_OK,
       NULL,
       NULL},
      {{"DATABRICKS_HOST="},
       NULL,
       DEFAULT_CFG,
       "https://d.example",
       "pat",
       "profile DEFAULT",
       CLXS_OK,
       NULL,
       NULL},
      /* Profiles that are not there. */
      {{"DATABRICKS_CONFIG_PROFILE=none"},
       NULL,
       DEFAULT_CFG,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "has no none profile configured",
       "[none]"},
      {{"DATABRICKS_CONFIG_PROFILE=p"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "no workspace is configured",
       "does not exist"},
      {{"DATABRICKS_CONFIG_PROFILE=__settings__"},
       NULL,
       DEFAULT_CFG,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "cannot be used as a profile",
       NULL},
      {{NULL},
       NULL,
       "[__settings__]\ndefault_profile = p\n" DEFAULT_CFG,
       "https://p.example",
       "pat",
       "profile p",
       CLXS_OK,
       NULL,
       NULL},
      {{NULL}, NULL, "nonsense\n", NULL, NULL, NULL, CLXS_E_CONFIG, ".databrickscfg:1: ", NULL},
      /* One method too many, sorted by name; auth_type chooses. */
      {{"DATABRICKS_HOST=x", "DATABRICKS_TOKEN=SECRET", "DATABRICKS_CLIENT_ID=i"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "more than one authorization method configured: oauth and pat",
       "auth_type"},
      {{"DATABRICKS_HOST=x", "DATABRICKS_TOKEN=SECRET", "ARM_TENANT_ID=t"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "more than one authorization method configured: azure and pat",
       NULL},
      {{"DATABRICKS_CONFIG_PROFILE=p", "DATABRICKS_USERNAME=u"},
       NULL,
       DEFAULT_CFG,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "basic and pat",
       NULL},
      {{"DATABRICKS_HOST=x", "DATABRICKS_TOKEN=SECRET", "DATABRICKS_CLIENT_ID=i",
        "DATABRICKS_CLIENT_SECRET=s", "DATABRICKS_AUTH_TYPE=oauth-m2m"},
       NULL,
       NULL,
       "https://x",
       "oauth-m2m",
       "environment DATABRICKS_CLIENT_ID",
       CLXS_OK,
       NULL,
       NULL},
      /* Methods that are not there. */
      {{"DATABRICKS_HOST=x", "DATABRICKS_AUTH_TYPE=azure-cli"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "auth_type azure-cli (environment DATABRICKS_AUTH_TYPE) is not supported by this release",
       "pat, basic, oauth-m2m"},
      {{"DATABRICKS_HOST=x", "DATABRICKS_AUTH_TYPE=magic"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "is unknown",
       NULL},
      {{"DATABRICKS_HOST=x", "DATABRICKS_AUTH_TYPE=pat"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_AUTH,
       "not everything",
       NULL},
      {{"DATABRICKS_HOST=x", "ARM_CLIENT_SECRET=SECRET"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_AUTH,
       "Azure login is not supported",
       NULL},
      /* Nothing at all. */
      {{NULL}, NULL, NULL, NULL, NULL, NULL, CLXS_E_CONFIG, "no workspace is configured", "--host"},
      {{"DATABRICKS_TOKEN=SECRET\nX: y", "DATABRICKS_HOST=x"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "holds a space or a control character",
       NULL},
      {{"DATABRICKS_HOST=http://x", "DATABRICKS_TOKEN=SECRET"},
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       CLXS_E_CONFIG,
       "plain http",
       NULL},
  };

  for (size_t i = 0; i < ARRAY_SIZE(situations); i++)
    check(&situations[i], i);
}

static const char *
headers_of(struct auth *auth)
{
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_SQL);
  uint64_t generation = 0;

  cr_assert_eq(auth_headers(auth, NULL, 0, &headers, &generation, &f.err), CLXS_OK, "%s", f.err.message);
  cr_assert_eq(generation, 1);
  return arena_strdup(f.arena, headers.data);
}

Test(auth, headers_of_methods_without_a_server)
{
  struct auth *auth;

  cr_assert_eq(conf_fixture_load(&f, "host: x\ntoken: abc\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK);
  cr_assert_str_eq(headers_of(auth), "Authorization: Bearer abc\r\n");
  auth_close(auth);
  cr_assert_eq(conf_fixture_load(&f, "host: x?o=77\nusername: user\npassword: pass\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK);
  cr_assert_str_eq(headers_of(auth),
                   "Authorization: Basic dXNlcjpwYXNz\r\nX-Databricks-Workspace-Id: 77\r\n");
  auth_close(auth);
  cr_assert_eq(conf_fixture_load(&f, "host: x\ntoken: abc\nworkspace_id: none\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK);
  cr_assert_str_eq(headers_of(auth), "Authorization: Bearer abc\r\n", "\"none\" is no workspace");
  auth_close(auth);
}

Test(auth, a_refused_token_is_not_sent_again)
{
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_SQL);
  struct auth *auth;
  uint64_t generation;

  cr_assert_eq(conf_fixture_load(&f, "host: x\ntoken: SECRET\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK);
  cr_assert_eq(auth_headers(auth, NULL, 0, &headers, &generation, &f.err), CLXS_OK);
  cr_assert_eq(auth_headers(auth, NULL, generation, &headers, &generation, &f.err), CLXS_E_AUTH);
  cr_assert_not_null(strstr(f.err.message, "clxs.yaml:2"));
  cr_assert_null(strstr(f.err.message, "SECRET"));
  auth_close(auth);
}

Test(auth, fingerprints_follow_the_credentials)
{
  static const char *const files[] = {"host: x\ntoken: a\n", "host: x\ntoken: b\n", "host: y\ntoken: a\n",
                                      "host: x\nusername: a\npassword: b\n"};
  const char *prints[ARRAY_SIZE(files)];

  for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
    struct auth *auth;

    cr_assert_eq(conf_fixture_load(&f, files[i], NULL), CLXS_OK);
    cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK);
    prints[i] = auth_fingerprint(auth);
    auth_close(auth);
    for (size_t k = 0; k < i; k++)
      cr_expect_str_neq(prints[i], prints[k]);
  }
}

Test(auth, the_warehouse_comes_from_the_profile_too)
{
  struct auth *auth;

  conf_fixture_write(&f, ".databrickscfg", "[DEFAULT]\nhost = x\ntoken = t\nwarehouse_id = w1\n");
  cr_assert_eq(conf_fixture_load(&f, NULL, NULL), CLXS_OK);
  cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK);
  cr_assert_str_eq(auth_warehouse(auth), "w1");
  auth_close(auth);
  setenv("DATABRICKS_WAREHOUSE_ID", "w2", 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, NULL), CLXS_OK);
  cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK);
  cr_assert_str_eq(auth_warehouse(auth), "w2");
  auth_close(auth);
}

Test(auth, a_second_workspace_has_nothing_from_the_first)
{
  struct auth *auth;

  setenv("DATABRICKS_TOKEN", "first", 1);
  cr_assert_eq(conf_fixture_load(&f, "host: x\ndest_workspace:\n  host: z\n  token: second\n", NULL),
               CLXS_OK);
  cr_assert_eq(auth_resolve_second(f.arena, f.conf, "dest_workspace", &auth, &f.err), CLXS_OK, "%s",
               f.err.message);
  cr_assert_str_eq(auth_host(auth), "https://z");
  cr_assert_str_eq(headers_of(auth), "Authorization: Bearer second\r\n");
  auth_close(auth);
  cr_assert_eq(conf_fixture_load(&f, "host: x\ndest_workspace:\n  host: z\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve_second(f.arena, f.conf, "dest_workspace", &auth, &f.err), CLXS_E_AUTH);
}

Test(auth, a_second_way_into_the_same_workspace_borrows_what_it_lacks)
{
  struct auth *auth;

  setenv("DATABRICKS_TOKEN", "first", 1);
  setenv("DATABRICKS_WAREHOUSE_ID", "w1", 1);
  cr_assert_eq(conf_fixture_load(&f, "host: x\ndest_workspace:\n  warehouse_id: w2\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve_second(f.arena, f.conf, "dest_workspace", &auth, &f.err), CLXS_OK, "%s",
               f.err.message);
  cr_assert_str_eq(auth_host(auth), "https://x");
  cr_assert_str_eq(auth_warehouse(auth), "w2");
  cr_assert_str_eq(headers_of(auth), "Authorization: Bearer first\r\n");
  auth_close(auth);
  cr_assert_eq(conf_fixture_load(&f, "host: x\ndest_workspace:\n  host: https://x/\n  token: mine\n", NULL),
               CLXS_OK);
  cr_assert_eq(auth_resolve_second(f.arena, f.conf, "dest_workspace", &auth, &f.err), CLXS_OK);
  cr_assert_str_eq(headers_of(auth), "Authorization: Bearer mine\r\n");
  cr_assert_str_eq(auth_warehouse(auth), "w1");
  auth_close(auth);
  /* Another host gets nothing, not even the warehouse. */
  cr_assert_eq(conf_fixture_load(&f, "host: x\ndest_workspace:\n  host: z\n  token: mine\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve_second(f.arena, f.conf, "dest_workspace", &auth, &f.err), CLXS_OK);
  cr_assert_null(auth_warehouse(auth));
  auth_close(auth);
}

Test(auth, a_second_workspace_without_credentials_takes_the_profile_for_its_host)
{
  struct auth *auth;

  setenv("DATABRICKS_TOKEN", "first", 1);
  conf_fixture_write(&f, ".databrickscfg",
                     "[DEFAULT]\nhost = https://x\ntoken = a\n[eu]\nhost = https://z/?o=5\ntoken = b\n"
                     "warehouse_id = w\n");
  cr_assert_eq(conf_fixture_load(&f, "host: x\ndest_workspace:\n  host: z\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve_second(f.arena, f.conf, "dest_workspace", &auth, &f.err), CLXS_OK, "%s",
               f.err.message);
  cr_assert_str_eq(auth_host(auth), "https://z");
  cr_assert_not_null(strstr(headers_of(auth), "Bearer b\r\n"));
  cr_assert_str_eq(auth_warehouse(auth), "w");
  auth_close(auth);
  conf_fixture_write(&f, ".databrickscfg", "[a]\nhost = z\ntoken = a\n[b]\nhost = https://z\ntoken = b\n");
  cr_assert_eq(conf_fixture_load(&f, "host: x\ndest_workspace:\n  host: z\n", NULL), CLXS_OK);
  cr_assert_eq(auth_resolve_second(f.arena, f.conf, "dest_workspace", &auth, &f.err), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "profiles a and b"));
}
