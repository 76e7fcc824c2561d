/* SPDX-License-Identifier: Apache-2.0 */
/* Where the process starts: the one answer that must cost nothing, and the hand-over to the application. */
#include <stdio.h>
#include <string.h>

#include "app.h"

#include "base/banned.h"

int
main(int argc, char **argv)
{
  if (argc == 2 && strcmp(argv[1], "--version") == 0) {
    puts("clxs " CLXS_VERSION);
    return fflush(stdout) == 0 ? 0 : clxs_exit_code(CLXS_E_IO);
  }
  return app_run(argc, argv);
}
