/* SPDX-License-Identifier: Apache-2.0 */
/* .databrickscfg: what counts as what, and which profile is used. */
#include <criterion/criterion.h>
#include <string.h>

#include "auth/cfgfile.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

static const char text[] = "\xef\xbb\xbf; a comment\r\n"
                           "token = before any section\n"
                           "[DEFAULT]\n"
                           "host=https://default\n"
                           "\n"
                           "[prod]\n"
                           "  host : https://prod  ; production\n"
                           "token = dapi#not;a-comment # this is one\n"
                           "client_secret = \"with space \"\n"
                           "client_id = 'quoted'\n"
                           "empty =\n"
                           "url = a=b:c\n"
                           "[prod]\n"
                           "token = later\n"
                           "[blank]\n"
                           "[__settings__]\n"
                           "default_profile = prod\n";

Test(cfgfile, values)
{
  static const struct {
    const char *section, *key, *value;
  } cases[] = {
      {"DEFAULT", "token", "before any section"},
      {"DEFAULT", "host", "https://default"},
      {"prod", "host", "https://prod"},
      {"prod", "token", "later"},
      {"prod", "client_secret", "with space "},
      {"prod", "client_id", "quoted"},
      {"prod", "empty", ""},
      {"prod", "url", "a=b:c"},
      {"prod", "username", NULL},
      {"blank", "token", NULL},
      {"PROD", "token", NULL},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct cfgfile file;

  cr_assert_eq(cfgfile_parse(arena, "f", text, sizeof text - 1, &file, &err), CLXS_OK, "%s", err.message);
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    const char *value = cfgfile_get(&file, cases[i].section, cases[i].key);

    cr_expect(str_eq(value, cases[i].value), "[%s] %s: %s", cases[i].section, cases[i].key,
              value ? value : "(none)");
  }
}

Test(cfgfile, comments_need_a_space_in_front)
{
  static const char lines[] = "[a]\ntoken = dapi#not;a-comment # this is one\n";
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct cfgfile file;

  cr_assert_eq(cfgfile_parse(arena, "f", lines, sizeof lines - 1, &file, &err), CLXS_OK);
  cr_assert_str_eq(cfgfile_get(&file, "a", "token"), "dapi#not;a-comment");
}

Test(cfgfile, which_profile)
{
  static const struct {
    const char *file, *asked, *profile, *error;
  } cases[] = {
      {"[DEFAULT]\nhost=a\n", NULL, "DEFAULT", NULL},
      {"host=a\n", NULL, "DEFAULT", NULL},
      {"[x]\nhost=a\n", NULL, NULL, NULL},
      {"", NULL, NULL, NULL},
      {"[x]\nhost=a\n", "x", "x", NULL},
      {"[x]\nhost=a\n[__settings__]\ndefault_profile=x\n", NULL, "x", NULL},
      {"[x]\nhost=a\n[y]\nhost=b\n[__settings__]\ndefault_profile=x\n", "y", "y", NULL},
      {"[DEFAULT]\nhost=a\n[__settings__]\ndefault_profile =  \n", NULL, "DEFAULT", NULL},
      {"[DEFAULT]\nhost=a\n", "x", NULL, "f has no x profile configured"},
      {"[x]\n[DEFAULT]\nhost=a\n", "x", NULL, "f has no x profile configured"},
      {"[DEFAULT]\nhost=a\n[__settings__]\ndefault_profile=gone\n", NULL, NULL,
       "f has no gone profile configured"},
      {"[__settings__]\ndefault_profile=x\n", "__settings__", NULL, "cannot be used as a profile"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct err err = ERR_INIT(arena);
    struct cfgfile file;
    const char *profile = NULL;
    clxs_status status;

    cr_assert_eq(cfgfile_parse(arena, "f", cases[i].file, strlen(cases[i].file), &file, &err), CLXS_OK);
    status = cfgfile_choose(&file, cases[i].asked, &profile, &err);
    cr_expect_eq(status, cases[i].error ? CLXS_E_CONFIG : CLXS_OK, "case %zu", i);
    if (cases[i].error)
      cr_expect(err.message && strstr(err.message, cases[i].error), "case %zu: %s", i, err.message);
    else
      cr_expect(str_eq(profile, cases[i].profile), "case %zu: %s", i, profile ? profile : "(none)");
  }
}

Test(cfgfile, what_is_no_line_is_named)
{
  static const char *const bad[] = {"host=a\nnonsense\n", "host=a\n[open\n", "host=a\n= value\n",
                                    "host=a\n[ ]\n"};

  for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct err err = ERR_INIT(arena);
    struct cfgfile file;

    cr_expect_eq(cfgfile_parse(arena, "f", bad[i], strlen(bad[i]), &file, &err), CLXS_E_CONFIG, "%s", bad[i]);
    cr_expect(err.message && str_starts(err.message, "f:2: "), "%s", err.message);
  }
}
