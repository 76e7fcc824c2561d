/* SPDX-License-Identifier: Apache-2.0 */
/* ${VAR} in values. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/expand.h"

#include "base/banned.h"

Test(expand, forms)
{
  static const struct {
    const char *text, *expanded, *error;
  } cases[] = {
      {"plain", "plain", NULL},
      {"${A}", "alpha", NULL},
      {"x${A}y${A}z", "xalphayalphaz", NULL},
      {"${EMPTY}", "", NULL},
      {"${EMPTY:-d}", "d", NULL},
      {"${NONE:-}", "", NULL},
      {"${NONE:-d e}", "d e", NULL},
      {"${NONE:-${A}}", "alpha", NULL},
      {"${NONE:-${ALSO_NONE:-deep}}", "deep", NULL},
      {"${A:-unused ${NONE}}", "alpha", NULL},
      {"$$", "$", NULL},
      {"$${A}", "${A}", NULL},
      {"$$$$", "$$", NULL},
      {"cost: 5$", "cost: 5$", NULL},
      {"$A", "$A", NULL},
      {"${NONE:-a}b}", "ab}", NULL},
      {"${NONE}", NULL, "NONE is not set"},
      {"${NONE:-${ALSO_NONE}}", NULL, "ALSO_NONE is not set"},
      {"${", NULL, "without a closing brace"},
      {"${A", NULL, "without a closing brace"},
      {"${}", NULL, "is not a variable"},
      {"${1A}", NULL, "is not a variable"},
      {"${A-B}", NULL, "is not a variable"},
      {"${A:+x}", NULL, "is not a variable"},
  };

  setenv("A", "alpha", 1);
  setenv("EMPTY", "", 1);
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct err err = ERR_INIT(arena);
    const char *expanded = NULL;
    clxs_status status = expand_text(arena, cases[i].text, "here:1", &expanded, &err);

    if (cases[i].expanded) {
      cr_expect_eq(status, CLXS_OK, "%s: %s", cases[i].text, err.message);
      cr_expect(str_eq(expanded, cases[i].expanded), "%s gave %s", cases[i].text, expanded);
    } else {
      cr_expect_eq(status, CLXS_E_CONFIG, "%s", cases[i].text);
      cr_expect(err.message && strstr(err.message, cases[i].error) && str_starts(err.message, "here:1"),
                "%s: %s", cases[i].text, err.message);
    }
  }
}

Test(expand, a_value_is_not_expanded_again)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const char *expanded;

  setenv("LOOP", "${LOOP}$$", 1);
  cr_assert_eq(expand_text(arena, "${LOOP}", "x", &expanded, &err), CLXS_OK);
  cr_assert_str_eq(expanded, "${LOOP}$$");
}
