/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.invoke/1: another command, with its result as JSON. */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "svc/nested.h"
#include "svc/services.h"

#include "base/banned.h"

static clxs_status
invoke_in(struct call *call, const char *command, const char *arguments, const char **result, struct err *err)
{
  CLEANUP_JSON struct json_object *object = NULL;
  CLEANUP_FREE char *output = NULL;
  struct nested nested;
  clxs_status status;

  if (call->depth >= NESTED_MAX)
    return err_set(err, CLXS_E_USAGE, "%s is invoked more than %d commands deep", command, NESTED_MAX);
  if (arguments) {
    object = json_parse(arguments, strlen(arguments), NULL, NULL);
    if (!json_object_is_type(object, json_type_object))
      return err_set(err, CLXS_E_INTERNAL, "the arguments for %s are no JSON object", command);
  }
  status = nested_find(call, command, object, false, &nested, err);
  if (status != CLXS_OK) return status;
  status = nested_run(call, &nested, call->depth + 1, call->hooks, &output, err);
  if (result) *result = arena_strdup(call->arena, output);
  return status;
}

static clxs_status
invoke_run(struct clxs_call *pub, const char *command, const char *arguments, const char **result)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  clxs_status status = services_need_command_thread(call, "invoke run");

  if (result) *result = NULL;
  if (status != CLXS_OK) return status;
  status = invoke_in(call, command, arguments, result, &err);
  return status < 0 ? call_take_error(call, status, &err) : status;
}

const struct clxs_invoke service_invoke = {.size = sizeof service_invoke, .run = invoke_run};
