/* SPDX-License-Identifier: Apache-2.0 */
/* The call: what a plugin is handed when it runs. It carries the plugin's identity, its arguments, the error,
 * the memory scope and cancellation. A call belongs to one thread; worker threads get child calls from
 * clxs.jobs/1.
 *
 * Memory law: what the host hands out lives to the end of the innermost open scope of the call it was asked
 * on (the outermost scope is the call itself). Arguments handed to the host are borrowed for the duration of
 * the function. Nobody frees the other side's memory. */
#ifndef CLXS_CALL_H
#define CLXS_CALL_H

#include "abi.h"
#include "status.h"

struct clxs_core;

/* Opaque behind these two members. */
struct clxs_call {
  uint32_t size;
  const struct clxs_core *core;
};

/* What is known about the last failure on a call. Texts are UTF-8, without secrets, and live as long as the
 * innermost scope; NULL (or 0) where there is nothing to say. Grows at the end. */
struct clxs_error {
  uint32_t size;
  clxs_status status;
  const char *message;      /* what failed and why, one sentence, names the object */
  const char *hint;         /* the next step for a person, one sentence */
  const char *error_class;  /* TABLE_OR_VIEW_NOT_FOUND, PERMISSION_DENIED, ... */
  const char *sql_state;    /* 42P01 */
  const char *statement_id; /* of the SQL statement */
  const char *request_id;   /* of the HTTP request */
  int32_t http_status;      /* 0 when no answer arrived */
  int32_t retry_after_ms;   /* what the service asked for, 0 if nothing */
};

#define CLXS_LOG_ERROR 0
#define CLXS_LOG_WARN 1
#define CLXS_LOG_INFO 2
#define CLXS_LOG_DEBUG 3

/* A capability of another plugin: its table (cast to the type of its header under clxs/cap/) and the state to
 * hand to its functions. Frozen. */
struct clxs_capability {
  const void *table;
  void *state;
};

struct clxs_core {
  uint32_t size;
  uint16_t abi_major, abi_minor; /* the host's */

  /* [any thread] The service table with this id ("clxs.sql/1"), alive for the whole process; NULL when the
   * host has none. Never NULL for ids that the manifest lists under "requires". */
  const void *(*service)(struct clxs_call *call, const char *id);
  /* [call thread] The capability with this id from whichever plugin provides it, loading that plugin first.
   * The manifest must list it under "uses". CLXS_E_UNSUPPORTED when nobody provides it. */
  clxs_status (*capability)(struct clxs_call *call, const char *id, struct clxs_capability *out);

  /* [call thread] Arguments and flags by their manifest name, after all layers (flag, environment, profile,
   * file, pack, manifest default). arg_count: how many values, 0 when absent. arg_text: value INDEX as text,
   * NULL when absent. arg_int: the first value as a number: integers and sizes as they are, durations in
   * milliseconds, booleans 0 or 1; 0 when absent. Names not in the manifest count as absent. */
  uint32_t (*arg_count)(struct clxs_call *call, const char *name);
  const char *(*arg_text)(struct clxs_call *call, const char *name, uint32_t index);
  int64_t (*arg_int)(struct clxs_call *call, const char *name);

  /* [call thread] Record why the call fails, and return STATUS so that a caller can write `return
   * core->fail(...)`. What a service recorded before stays as the cause. HINT may be NULL. */
  clxs_status (*fail)(struct clxs_call *call, clxs_status status, const char *message, const char *hint);
  /* [call thread] The last failure recorded on this call, NULL if none; error_clear forgets it (a failure
   * that the plugin dealt with must be cleared). */
  const struct clxs_error *(*error)(struct clxs_call *call);
  void (*error_clear)(struct clxs_call *call);
  /* [call thread] One line for the person's diagnostics, on stderr, at a CLXS_LOG_ level. */
  void (*log)(struct clxs_call *call, int32_t level, const char *message);

  /* [any thread] Non-zero once the run is to end (SIGINT, SIGTERM, --timeout). */
  uint32_t (*cancelled)(struct clxs_call *call);
  /* [call thread] Sleep for TIMEOUT_MS milliseconds (negative: for ever) or until cancelled. CLXS_OK after
   * the time, CLXS_E_CANCELLED otherwise. The only sleep a plugin may use. */
  clxs_status (*wait)(struct clxs_call *call, int64_t timeout_ms);
  /* [any thread] Wall clock in milliseconds since 1970 UTC, and a clock in milliseconds that never goes back.
   * Tests replace both. */
  int64_t (*now_ms)(struct clxs_call *call);
  int64_t (*mono_ms)(struct clxs_call *call);

  /* [call thread] SIZE zeroed bytes in the innermost scope, aligned for any type. Never NULL. */
  void *(*alloc)(struct clxs_call *call, size_t size);
  /* [call thread] Open a scope; scope_end closes it and every scope opened since. Handles (rows) close with
   * it. */
  uint64_t (*scope_begin)(struct clxs_call *call);
  void (*scope_end)(struct clxs_call *call, uint64_t mark);

  /* [call thread] What the command was told, for a record from which it can go on later: a JSON object of
   * arguments and flags to arrays of their values as text, all layers taken together. Secrets and flags that
   * are "alone" in the manifest are left out. Lives with the scope. */
  const char *(*arg_record)(struct clxs_call *call);
  /* [command thread] Go on with an earlier run: what it RECORDed stands from now on in the place of
   * environment, configuration and defaults; what the command line says still comes first. Child calls made
   * afterwards see it, too. CLXS_E_DATA, with nothing taken over, where a name or value is none that this
   * command knows. */
  clxs_status (*arg_adopt)(struct clxs_call *call, const char *record);
};

#endif
