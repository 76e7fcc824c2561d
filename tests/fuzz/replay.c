/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over files and folders instead of random input, so that every compiler can replay a
 * corpus as a test. It knows nothing of what is fuzzed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
  CLEANUP_FILE FILE *file = fopen(path, "rb");
  CLEANUP_FREE uint8_t *data = NULL;
  size_t size = 0, step;

  if (!file) {
    fprintf(stderr, "cannot open %s\n", path);
    return 1;
  }
  do {
    data = xrealloc(data, size + 65536);
    step = fread(data + size, 1, 65536, file);
    size += step;
  } while (step > 0);
  /* An exact copy lets the address sanitizer see a step too far. */
  data = xrealloc(data, size > 0 ? size : 1);
  return LLVMFuzzerTestOneInput(data, size);
}

static int
replay_folder(const char *path, int *count)
{
  DIR *folder = opendir(path);
  int failed = 0;

  if (!folder) {
    ++*count;
    return replay_file(path);
  }
  for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
    char file[4096];

    if (entry->d_name[0] == '.') continue;
    snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
    failed |= replay_file(file);
    ++*count;
  }
  closedir(folder);
  return failed;
}

int
main(int argc, char **argv)
{
  int failed = 0, count = 0;

  for (int i = 1; i < argc; i++)
    failed |= replay_folder(argv[i], &count);
  printf("%d inputs\n", count);
  return failed || count == 0;
}
