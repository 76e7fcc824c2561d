/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin as the host sees it: arguments of its commands, workspaces inside the process, what is refused.
 */
#include <clxs/cap/workspace.h>
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <string.h>

#include "sandbox_gen.h"
#include "testhost/testhost.h"

static struct testhost *host;
static void *state;

static void
setup(void)
{
  host = testhost_new();
  cr_assert_eq(clxs_plugin_v1()->init(testhost_call(host), &state), CLXS_OK);
}

static void
teardown(void)
{
  clxs_plugin_v1()->fini(state);
  testhost_free(host);
}

TestSuite(plugin, .init = setup, .fini = teardown);

static clxs_status
run(const char *name)
{
  const struct clxs_command *const *command = clxs_plugin_v1()->commands;

  while (strcmp((*command)->name, name) != 0)
    command++;
  return (*command)->run(state, testhost_call_again(host));
}

static const struct clxs_error *
failure(void)
{
  struct clxs_call *call = testhost_call(host);

  return call->core->error(call);
}

static const struct clxs_cap_workspace *
workspace(void)
{
  return clxs_plugin_v1()->provides[0]->table;
}

static size_t
ignore(char *bytes, size_t size, size_t count, void *data)
{
  (void)bytes;
  (void)data;
  return size * count;
}

/* Status of GET PATH at URL with TOKEN; 0 when nobody answers. */
static long
fetch(const char *url, const char *path, const char *token)
{
  CURL *curl = curl_easy_init();
  struct curl_slist *headers = NULL;
  char address[256], login[256];
  long status = 0;

  snprintf(address, sizeof address, "%s%s", url, path);
  snprintf(login, sizeof login, "Authorization: Bearer %s", token);
  headers = curl_slist_append(NULL, login);
  curl_easy_setopt(curl, CURLOPT_URL, address);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
  if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
  return status;
}

#define ME "/api/2.0/preview/scim/v2/Me"

Test(plugin, a_workspace_inside_keeps_its_state)
{
  const char *url, *token, *warehouse;
  char old_url[64];

  cr_assert_eq(workspace()->open(state, testhost_call(host), "play", &url, &token, &warehouse), CLXS_OK);
  cr_assert_str_eq(warehouse, "sandbox");
  cr_assert_eq(fetch(url, ME, token), 200);
  cr_assert_eq(fetch(url, ME, "dapi-guess"), 403);
  snprintf(old_url, sizeof old_url, "%s", url);
  workspace()->close(state, "play");
  cr_assert_eq(fetch(old_url, ME, "x"), 0, "closed");
  cr_assert_eq(workspace()->open(state, testhost_call(host), "play", &url, &token, &warehouse), CLXS_OK,
               "again");
}

Test(plugin, names_stay_inside_their_directory)
{
  static const char *const names[] = {
      "",        "../x",
      "a/../b",  "a/",
      "/a",      "a/b/c",
      ".hidden", "a b",
      "ä",       "0123456789012345678901234567890123456789012345678901234567890123456789"};
  const char *url, *token, *warehouse;

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    cr_expect_eq(workspace()->open(state, testhost_call_again(host), names[i], &url, &token, &warehouse),
                 CLXS_E_USAGE, "%s", names[i]);
    cr_expect(strstr(failure()->message, names[i]));
  }
}

Test(plugin, seed_needs_a_state)
{
  testhost_arg(host, ARG_WHAT, "demo");
  cr_assert_eq(run(CMD_SANDBOX_SEED), CLXS_E_USAGE);
  cr_assert(strstr(failure()->hint, "--state"));
}

Test(plugin, seed_must_be_known)
{
  testhost_arg(host, ARG_WHAT, "synthetic");
  testhost_arg(host, FLAG_NAME, "play");
  cr_assert_eq(run(CMD_SANDBOX_SEED), CLXS_E_USAGE);
  cr_assert(strstr(failure()->message, "synthetic"));
}

Test(plugin, seeded_state_is_served_inside)
{
  const char *url, *token, *warehouse;

  testhost_arg(host, ARG_WHAT, "synth:3");
  testhost_arg(host, FLAG_NAME, "play");
  cr_assert_eq(run(CMD_SANDBOX_SEED), CLXS_OK, "%s", failure() ? failure()->message : "");
  cr_assert_eq(run(CMD_SANDBOX_SEED), CLXS_OK, "a second time changes nothing");
  cr_assert_eq(workspace()->open(state, testhost_call(host), "play", &url, &token, &warehouse), CLXS_OK);
  cr_assert_eq(fetch(url, "/api/2.1/unity-catalog/catalogs/synth", token), 200);
  cr_assert_eq(run(CMD_SANDBOX_SEED), CLXS_E_IO, "the state is in use");
}

Test(plugin, serve_checks_its_arguments)
{
  static const struct {
    const char *name, *value, *says;
  } cases[] = {
      {FLAG_USER, "bob", "NAME:TOKEN"},
      {FLAG_USER, ":x", "NAME:TOKEN"},
      {FLAG_CLIENT_ID, "id", "--client-secret"},
      {FLAG_FAULT, "500:1", "500:1"},
      {FLAG_STATE, "/nonexistent/state.db", "/nonexistent/state.db"},
  };

  cr_assert_eq(run(CMD_SANDBOX_SERVE), CLXS_E_USAGE);
  cr_assert(strstr(failure()->message, "token"));
  testhost_arg(host, FLAG_TOKEN, "dapi-secret");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    testhost_arg(host, cases[i].name, cases[i].value);
    cr_expect_lt(run(CMD_SANDBOX_SERVE), 0, "%s %s", cases[i].name, cases[i].value);
    cr_expect(strstr(failure()->message, cases[i].says), "%s", failure()->message);
    testhost_arg_clear(host, cases[i].name);
  }
  cr_assert(!strstr(testhost_log(host), "dapi-secret"), "tokens are not logged");
}
