/* SPDX-License-Identifier: Apache-2.0 */
/* One catalog, one operation: who comes second is told who is there, and the next may when the first has
 * gone, however it went. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/plan/claim.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

Test(claim, the_second_is_told_who_is_there)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  struct claim *first = NULL, *second = NULL, *other = NULL;

  cr_assert_eq(claim_take(call, "https://w", "Dev", "20260131T235959Z-clone-000001", &first), CLXS_OK);
  cr_assert_eq(claim_take(call, "https://w", "dEV", "20260131T235959Z-clone-000002", &second),
               CLXS_E_CONFLICT);
  cr_assert_null(second);
  cr_assert(strstr(call->core->error(call)->message, "operation 20260131T235959Z-clone-000001"));
  cr_assert_eq(claim_take(call, "https://w", "dev2", "x", &other), CLXS_OK, "another catalog");
  claim_release(other);
  cr_assert_eq(claim_take(call, "https://v", "dev", "x", &other), CLXS_OK, "another workspace");
  claim_release(other);
  claim_release(first);
  cr_assert_eq(claim_take(call, "https://w", "dev", "y", &second), CLXS_OK);
  claim_release(second);
  claim_release(NULL);
}

Test(claim, who_dies_gives_up_its_claim)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  struct claim *claim = NULL;
  int ready[2], status;
  char byte;
  pid_t child;

  cr_assert_eq(pipe(ready), 0);
  child = fork();
  if (child == 0) {
    byte = claim_take(call, "https://w", "dev", "a-very-long-name", &claim) == CLXS_OK ? 'y' : 'n';
    if (write(ready[1], &byte, 1) == 1) pause();
    _exit(1);
  }
  cr_assert_eq(read(ready[0], &byte, 1), 1);
  cr_assert_eq(byte, 'y');
  cr_assert_eq(claim_take(call, "https://w", "dev", "b", &claim), CLXS_E_CONFLICT);
  cr_assert_eq(kill(child, SIGKILL), 0);
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert_eq(claim_take(call, "https://w", "dev", "b", &claim), CLXS_OK);
  claim_release(claim);
}

Test(claim, a_directory_that_cannot_be_written_is_named)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  const char *state = testhost_directory(host, CLXS_DIR_STATE);
  struct claim *claim = NULL;
  char path[4096];
  FILE *file;

  snprintf(path, sizeof path, "%s/claims", state);
  file = fopen(path, "w");
  cr_assert_not_null(file);
  fclose(file);
  cr_assert_eq(claim_take(call, "https://w", "dev", "b", &claim), CLXS_E_IO);
  cr_assert(strstr(call->core->error(call)->message, path), "%s", call->core->error(call)->message);
}
