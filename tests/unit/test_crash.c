/* SPDX-License-Identifier: Apache-2.0 */
/* The last word of a process that crashes, heard by its parent. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "plugin/crash.h"

static void
crash_quietly(void)
{
  const struct rlimit none = {0, 0};

  setrlimit(RLIMIT_CORE, &none);
  crash_install();
}

/* Run BODY in a child; what it wrote to stderr, and the signal that it died of. */
static int
last_words(void (*body)(void), char *text, size_t size)
{
  int ends[2], status;
  size_t used = 0;
  pid_t child;

  cr_assert_eq(pipe(ends), 0);
  child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    crash_quietly();
    body();
    _exit(0);
  }
  close(ends[1]);
  for (ssize_t got; (got = read(ends[0], text + used, size - 1 - used)) > 0;)
    used += (size_t)got;
  text[used] = '\0';
  close(ends[0]);
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void
in_plugin(void)
{
  crash_running("org.example.audit", "1.2.0", "audit show");
  crash_journal("op-17");
  abort();
}

static void
in_host(void)
{
  crash_running("org.example.audit", "1.2.0", "audit show");
  crash_running(NULL, NULL, NULL);
  abort();
}

static void
long_names(void)
{
  char name[300];

  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  crash_running(name, "1", "c");
  raise(SIGABRT);
}

Test(crash, names_plugin_command_and_journal)
{
  char text[8192];

  cr_expect_eq(last_words(in_plugin, text, sizeof text), SIGABRT);
  cr_expect(
      str_starts(
          text,
          "\nclxs: error: crashed (abort) in the plugin org.example.audit 1.2.0, command \"audit show\"\n"
          "  what was done is in the journal op-17; run the command again with --resume op-17\n"),
      "%s", text);
}

Test(crash, host_itself)
{
  char text[8192];

  cr_expect_eq(last_words(in_host, text, sizeof text), SIGABRT);
  cr_expect(str_starts(text, "\nclxs: error: crashed (abort) in clxs " CLXS_VERSION "\n"), "%s", text);
}

Test(crash, long_names_are_cut)
{
  char text[8192];

  cr_expect_eq(last_words(long_names, text, sizeof text), SIGABRT);
  cr_expect(strstr(text, "crashed (abort)"), "%s", text);
  cr_expect(strlen(text) < 400, "%s", text);
}
