/* SPDX-License-Identifier: Apache-2.0 */
/* The crash note. Everything in the handler is async-signal-safe: write(2) on memory that is ready. */
#include "plugin/crash.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

#include "base/banned.h"

#define TEXT_MAX 101

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
static struct sigaction before[ARRAY_SIZE(signals)];
static char running_plugin[TEXT_MAX], running_version[TEXT_MAX], running_command[TEXT_MAX],
    running_journal[TEXT_MAX];

static void
say(const char *text)
{
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

  (void)ignored;
}

static const char *
signal_name(int number)
{
  switch (number) {
  case SIGSEGV: return "segmentation fault";
  case SIGBUS: return "bus error";
  case SIGILL: return "illegal instruction";
  case SIGFPE: return "arithmetic error";
  default: return "abort";
  }
}

static void
on_crash(int number)
{
  say("\nclxs: error: crashed (");
  say(signal_name(number));
  say(running_plugin[0] ? ") in the plugin " : ") in clxs " CLXS_VERSION);
  if (running_plugin[0]) {
    say(running_plugin);
    say(" ");
    say(running_version);
  }
  if (running_command[0]) {
    say(", command \"");
    say(running_command);
    say("\"");
  }
  say("\n");
  if (running_journal[0]) {
    say("  what was done is in the journal ");
    say(running_journal);
    say("; run the command again with --resume ");
    say(running_journal);
    say("\n");
  }
  say("  please report this to ");
  say(running_plugin[0] ? "the plugin's author\n" : "https://github.com/clxs/clxs/issues\n");
  for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
    if (signals[i] == number) sigaction(number, &before[i], NULL);
  raise(number);
}

void
crash_install(void)
{
  static char stack[64 << 10];
  const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};

  sigaltstack(&alternate, NULL); /* an overflowing stack leaves no room for the handler */
  for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
    sigaction(signals[i], &action, &before[i]);
}

static void
keep(char copy[TEXT_MAX], const char *text)
{
  size_t length = text ? strnlen(text, TEXT_MAX - 1) : 0;

  if (length > 0) memcpy(copy, text, length);
  copy[length] = '\0';
}

void
crash_running(const char *plugin, const char *version, const char *command)
{
  keep(running_plugin, plugin);
  keep(running_version, version);
  keep(running_command, command);
}

void
crash_journal(const char *journal)
{
  keep(running_journal, journal);
}
