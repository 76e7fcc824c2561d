/* SPDX-License-Identifier: Apache-2.0 */
/* Workspace addresses as people write them. */
#include <criterion/criterion.h>

#include "auth/host.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

Test(host, forms)
{
  static const struct {
    const char *text, *url, *workspace, *account;
  } cases[] = {
      {"https://x.cloud.databricks.com", "https://x.cloud.databricks.com", NULL, NULL},
      {"x.cloud.databricks.com", "https://x.cloud.databricks.com", NULL, NULL},
      {"https://x.com/", "https://x.com", NULL, NULL},
      {"https://x.com:8443/a/b?q=1#f", "https://x.com:8443", NULL, NULL},
      {"HTTPS://x.com", "https://x.com", NULL, NULL},
      {"https://x.com/?o=123", "https://x.com", "123", NULL},
      {"https://x.com?workspace_id=45&a=acc-1", "https://x.com", "45", "acc-1"},
      {"https://x.com/?o=12x", "https://x.com", NULL, NULL},
      {"https://x.com/?w=any-text", "https://x.com", "any-text", NULL},
      {"https://x.com/?account_id=abc#o=1", "https://x.com", NULL, "abc"},
      {"https://user:secret@x.com", "https://x.com", NULL, NULL},
      {"http://localhost:8080", "http://localhost:8080", NULL, NULL},
      {"http://127.0.0.1:5000/", "http://127.0.0.1:5000", NULL, NULL},
      {"http://127.8.9.1", "http://127.8.9.1", NULL, NULL},
      {"http://[::1]:80", "http://[::1]:80", NULL, NULL},
      {"localhost:99", "https://localhost:99", NULL, NULL},
      {"http://x.com", NULL, NULL, NULL},
      {"http://127.0.0.1.evil.com", NULL, NULL, NULL},
      {"http://localhost.evil.com", NULL, NULL, NULL},
      {"http://127.0.0.1@evil.com", NULL, NULL, NULL},
      {"http://evil.com\\@127.0.0.1", NULL, NULL, NULL},
      {"ftp://x.com", NULL, NULL, NULL},
      {"https://", NULL, NULL, NULL},
      {"", NULL, NULL, NULL},
      {"https://x.com:", NULL, NULL, NULL},
      {"https://x.com:http", NULL, NULL, NULL},
      {"https://x y", NULL, NULL, NULL},
      {"https://x\r\nHeader: 1", NULL, NULL, NULL},
      {"https://:80", NULL, NULL, NULL},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct err err = ERR_INIT(arena);
    struct host host = {0};
    clxs_status status = host_parse(arena, cases[i].text, &host, &err);

    cr_expect_eq(status, cases[i].url ? CLXS_OK : CLXS_E_CONFIG, "%s", cases[i].text);
    if (status != CLXS_OK) {
      cr_expect_not_null(err.hint);
      continue;
    }
    cr_expect(str_eq(host.url, cases[i].url), "%s gave %s", cases[i].text, host.url);
    cr_expect(str_eq(host.workspace_id, cases[i].workspace), "%s", cases[i].text);
    cr_expect(str_eq(host.account_id, cases[i].account), "%s", cases[i].text);
  }
}

Test(host, secrets_go_over_tls_or_stay_here)
{
  cr_expect(host_is_safe("https://x.com/oidc"));
  cr_expect(host_is_safe("http://127.0.0.1:8/oidc"));
  cr_expect_not(host_is_safe("http://x.com/oidc"));
  cr_expect_not(host_is_safe("http://127.0.0.1@x.com/oidc"));
  cr_expect_not(host_is_safe("x.com"));
  cr_expect_not(host_is_safe("file:///etc/passwd"));
  cr_expect(host_is_account("https://accounts.cloud.databricks.com"));
  cr_expect_not(host_is_account("https://my-accounts.com"));
}
