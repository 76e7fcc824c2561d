/* SPDX-License-Identifier: Apache-2.0 */
/* A last word when the process crashes: whose code ran. Plugins share the host's process, and without this a
 * segmentation fault would be laid at the host's door. */
#ifndef CLXS_HOST_PLUGIN_CRASH_H
#define CLXS_HOST_PLUGIN_CRASH_H

/* Handle SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT: print one note, then die as before. Once, at start-up;
 * handlers that are there (a sanitizer's) get their turn afterwards. */
void crash_install(void);
/* What runs from now on, for the note; NULL plugin: the host itself. The texts are copied (and cut to 100
 * bytes). JOURNAL is the operation's id for `--resume` and may be NULL. Command thread. */
void crash_running(const char *plugin, const char *version, const char *command);
void crash_journal(const char *journal);

#endif
