/* SPDX-License-Identifier: Apache-2.0 */
/* measure [-n RUNS] NAME COMMAND [-- NAME COMMAND]...: run the commands in turn, RUNS times each after one
 * warm-up, and print for each the median, least and greatest wall time, the CPU time and the peak memory of
 * one run, then the ratio of every median to the first. Running them in turn lets noise of the machine fall
 * on all alike. COMMAND is a program and its arguments, run without a shell. It must not know clxs. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 8
#define RUNS_MAX 2000
#define ARGS_MAX 64

extern char **environ;

struct command {
  const char *name;
  char *argv[ARGS_MAX];
  double wall_ms[RUNS_MAX], cpu_ms;
  long peak_kib;
};

static double
now_ms(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
tv_ms(struct timeval t)
{
  return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* One run with stdout to /dev/null; false when it could not run or failed. */
static bool
run_once(struct command *command, double *wall_ms)
{
  posix_spawn_file_actions_t actions;
  struct rusage usage;
  double start;
  int status, rc;
  pid_t pid;

  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  start = now_ms();
  rc = posix_spawnp(&pid, command->argv[0], &actions, NULL, command->argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (rc != 0) {
    fprintf(stderr, "measure: cannot run %s: %s\n", command->argv[0], strerror(rc));
    return false;
  }
  if (wait4(pid, &status, 0, &usage) < 0) return false;
  *wall_ms = now_ms() - start;
  command->cpu_ms = tv_ms(usage.ru_utime) + tv_ms(usage.ru_stime);
  if (usage.ru_maxrss > command->peak_kib) command->peak_kib = usage.ru_maxrss;
  if (status == 0) return true;
  fprintf(stderr, "measure: %s ended with status %d\n", command->name,
          WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  return false;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static void
print(struct command *commands, int count, int runs)
{
  double first = 0;

  printf("%-24s %10s %10s %10s %10s %10s %8s\n", "command", "median ms", "min ms", "max ms", "cpu ms",
         "peak MiB", "ratio");
  for (int i = 0; i < count; i++) {
    double *wall = commands[i].wall_ms, median;

    qsort(wall, (size_t)runs, sizeof *wall, by_value);
    median = wall[runs / 2];
    if (i == 0) first = median;
    printf("%-24s %10.2f %10.2f %10.2f %10.2f %10.1f %8.2f\n", commands[i].name, median, wall[0],
           wall[runs - 1], commands[i].cpu_ms, (double)commands[i].peak_kib / 1024, median / first);
  }
}

int
main(int argc, char **argv)
{
  static struct command commands[COMMANDS_MAX];
  int runs = 21, count = 0, at = 1, word = 0;

  if (argc > 2 && strcmp(argv[1], "-n") == 0) {
    runs = (int)strtol(argv[2], NULL, 10);
    at = 3;
  }
  if (runs < 1 || runs > RUNS_MAX || argc - at < 2) {
    fprintf(stderr, "usage: measure [-n RUNS] NAME COMMAND... [-- NAME COMMAND...]...\n");
    return 2;
  }
  for (; at < argc; at++) {
    if (strcmp(argv[at], "--") == 0 && word > 0) {
      count++;
      word = 0;
      continue;
    }
    if (count == COMMANDS_MAX || word == ARGS_MAX) return 2;
    if (word == 0)
      commands[count].name = argv[at];
    else
      commands[count].argv[word - 1] = argv[at];
    word++;
  }
  count++;
  for (int run = -1; run < runs; run++)
    for (int i = 0; i < count; i++) {
      double wall;

      if (!run_once(&commands[i], &wall)) return 1;
      if (run >= 0) commands[i].wall_ms[run] = wall;
    }
  print(commands, count, runs);
  return 0;
}
