/* SPDX-License-Identifier: Apache-2.0 */
/* struct clxs_core with its callers checked. */
#include "base/arena.h"
#include "svc/checked.h"
#include "svc/services.h"

#include "base/banned.h"

static const void *
core_service(struct clxs_call *call, const char *id)
{
  checked_texts(call, "core service", 1, id);
  return service_core.service(call, id);
}

static clxs_status
core_capability(struct clxs_call *call, const char *id, struct clxs_capability *out)
{
  checked_thread(call, "core capability");
  return service_core.capability(call, id, out);
}

static uint32_t
core_arg_count(struct clxs_call *call, const char *name)
{
  checked_thread(call, "core arg_count");
  return service_core.arg_count(call, name);
}

static const char *
core_arg_text(struct clxs_call *call, const char *name, uint32_t index)
{
  checked_thread(call, "core arg_text");
  return service_core.arg_text(call, name, index);
}

static int64_t
core_arg_int(struct clxs_call *call, const char *name)
{
  checked_thread(call, "core arg_int");
  return service_core.arg_int(call, name);
}

static clxs_status
core_fail(struct clxs_call *call, clxs_status status, const char *message, const char *hint)
{
  checked_thread(call, "core fail");
  checked_texts(call, "core fail", 2, message, hint);
  if (!message) checked_stop(call, "core fail", "there is no message");
  if (status >= 0) checked_stop(call, "core fail", "the status is no failure");
  return service_core.fail(call, status, message, hint);
}

static const struct clxs_error *
core_error(struct clxs_call *call)
{
  checked_thread(call, "core error");
  return service_core.error(call);
}

static void
core_error_clear(struct clxs_call *call)
{
  checked_thread(call, "core error_clear");
  service_core.error_clear(call);
}

static void
core_log(struct clxs_call *call, int32_t level, const char *message)
{
  checked_thread(call, "core log");
  checked_texts(call, "core log", 1, message);
  service_core.log(call, level, message);
}

static clxs_status
core_wait(struct clxs_call *call, int64_t timeout_ms)
{
  checked_thread(call, "core wait");
  return service_core.wait(call, timeout_ms);
}

static uint32_t
core_cancelled(struct clxs_call *call)
{
  return service_core.cancelled(call);
}

static int64_t
core_now_ms(struct clxs_call *call)
{
  return service_core.now_ms(call);
}

static int64_t
core_mono_ms(struct clxs_call *call)
{
  return service_core.mono_ms(call);
}

static void *
core_alloc(struct clxs_call *call, size_t size)
{
  checked_thread(call, "core alloc");
  return service_core.alloc(call, size);
}

static uint64_t
core_scope_begin(struct clxs_call *call)
{
  checked_thread(call, "core scope_begin");
  return service_core.scope_begin(call);
}

static void
core_scope_end(struct clxs_call *call, uint64_t mark)
{
  checked_thread(call, "core scope_end");
  if (mark > arena_mark(call_of(call)->arena))
    checked_stop(call, "core scope_end", "the scope is closed already");
  service_core.scope_end(call, mark);
}

static const char *
core_arg_record(struct clxs_call *call)
{
  checked_thread(call, "core arg_record");
  return service_core.arg_record(call);
}

static clxs_status
core_arg_adopt(struct clxs_call *call, const char *record)
{
  checked_thread(call, "core arg_adopt");
  checked_texts(call, "core arg_adopt", 1, record);
  return service_core.arg_adopt(call, record);
}

const struct clxs_core checked_core = {.size = sizeof checked_core,
                                       .abi_major = CLXS_ABI_MAJOR,
                                       .abi_minor = CLXS_ABI_MINOR,
                                       .service = core_service,
                                       .capability = core_capability,
                                       .arg_count = core_arg_count,
                                       .arg_text = core_arg_text,
                                       .arg_int = core_arg_int,
                                       .fail = core_fail,
                                       .error = core_error,
                                       .error_clear = core_error_clear,
                                       .log = core_log,
                                       .cancelled = core_cancelled,
                                       .wait = core_wait,
                                       .now_ms = core_now_ms,
                                       .mono_ms = core_mono_ms,
                                       .alloc = core_alloc,
                                       .scope_begin = core_scope_begin,
                                       .scope_end = core_scope_end,
                                       .arg_record = core_arg_record,
                                       .arg_adopt = core_arg_adopt};
