/* SPDX-License-Identifier: Apache-2.0 */
/* Looking before and after: preflight, and validation, which are commands of other plugins. It must not know
 * what they look at; their documents become part of the summary. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"

#include "base/banned.h"

/* Those of FLAGS (NULL-terminated) that were given to this command, for another one. The caller puts it back.
 */
static struct json_object *
pass_on(struct clone *clone, const char *const *flags)
{
  struct json_object *arguments = json_object_new_object();
  const struct clxs_core *core = clone->call->core;

  for (; *flags; flags++) {
    struct json_object *values = json_object_new_array();

    for (uint32_t i = 0; i < core->arg_count(clone->call, *flags); i++)
      json_object_array_add(values, json_object_new_string(core->arg_text(clone->call, *flags, i)));
    json_object_object_add(arguments, *flags, values);
  }
  return arguments;
}

/* Run COMMAND; its document is the caller's, NULL when it gave none. */
static clxs_status
run_check(struct clone *clone, const char *command, struct json_object *arguments,
          struct json_object **document)
{
  const char *result = NULL;
  clxs_status status = clxs_invoke(clone->call)->run(clone->call, command, json_text(arguments), &result);

  *document = result ? json_parse(result, strlen(result), NULL, NULL) : NULL;
  return status;
}

/* The person hears of what may yet go wrong. */
static void
log_warnings(struct clone *clone, struct json_object *document)
{
  struct json_object *checks = json_get_array(document, "checks");

  for (size_t i = 0; i < json_length(checks); i++) {
    struct json_object *check = json_item(checks, i);
    const char *detail = json_get_text(check, "detail");

    if (str_eq(json_get_text(check, "status"), "WARN"))
      clxs_logf(clone->call, CLXS_LOG_WARN, "preflight: %s: %s", json_get_text(check, "check"),
                detail ? detail : "no more is known");
  }
}

/* What to do about the first check that failed. */
static const char *
preflight_hint(struct clone *clone, struct json_object *document)
{
  static const char *const all =
      "`clxs preflight` shows every check; with --no-preflight the clone goes on all the same";
  struct json_object *checks = json_get_array(document, "checks");

  for (size_t i = 0; i < json_length(checks); i++) {
    const char *step = json_get_text(json_item(checks, i), "next_step");

    if (step && str_eq(json_get_text(json_item(checks, i), "status"), "FAIL"))
      return clxs_textf(clone->call, "%s; %s", step, all);
  }
  return all;
}

clxs_status
clone_preflight(struct clone *clone)
{
  static const char *const flags[] = {"source",           "dest",      "include-schemas",
                                      "exclude-schemas",  "location",  "external-location-template",
                                      "permissions",      "ownership", "tags",
                                      "protected-tables", NULL};
  CLEANUP_JSON struct json_object *arguments = NULL, *document = NULL;
  struct clxs_call *call = clone->call;
  clxs_status status;

  if (clone->options.dry_run || !call->core->arg_int(call, "preflight")) return CLXS_OK;
  arguments = pass_on(clone, flags);
  status = run_check(clone, "preflight", arguments, &document);
  if (document) clone->preflight = clxs_textf(call, "%s", json_text(document));
  if (status < 0)
    return clxs_failf(call, status, preflight_hint(clone, document),
                      "preflight found what would stop the clone; nothing was changed");
  log_warnings(clone, document);
  return CLXS_OK;
}

clxs_status
clone_validate(struct clone *clone)
{
  static const char *const flags[] = {"source",
                                      "dest",
                                      "include-schemas",
                                      "exclude-schemas",
                                      "include-tables-regex",
                                      "exclude-tables-regex",
                                      "schema-only",
                                      "where",
                                      "table-filter",
                                      "mask",
                                      "as-of-version",
                                      "as-of-timestamp",
                                      "max-workers",
                                      NULL};
  CLEANUP_JSON struct json_object *arguments = NULL, *document = NULL;
  struct clxs_call *call = clone->call;
  bool checksum = call->core->arg_int(call, "checksum") != 0;
  clxs_status status;

  if (clone->options.dry_run ||
      !(checksum || clone->options.auto_rollback || call->core->arg_int(call, "validate")))
    return CLXS_OK;
  arguments = pass_on(clone, flags);
  json_add_bool(arguments, "checksum", checksum);
  status = run_check(clone, "validate", arguments, &document);
  if (document) clone->validation = clxs_textf(call, "%s", json_text(document));
  return status;
}

void
clone_add_checks(struct buf *head, const struct clone *clone)
{
  if (clone->preflight) buf_addf(head, ",\"preflight\":%s", clone->preflight);
  if (clone->validation) buf_addf(head, ",\"validation\":%s", clone->validation);
  if (clone->judgement) buf_addf(head, ",\"auto_rollback\":%s", clone->judgement);
}

static void
print_judgement(const struct clone *clone)
{
  CLEANUP_JSON struct json_object *json = json_parse(clone->judgement, strlen(clone->judgement), NULL, NULL);
  const struct clxs_output *output = clxs_output(clone->call);

  output->text(clone->call, "");
  output->text(clone->call, clxs_textf(clone->call, "auto-rollback: %s (%s)",
                                       clone->taken_back                         ? "taken back"
                                       : json_get_bool(json, "triggered", false) ? "not wholly taken back"
                                                                                 : "kept",
                                       json_get_text(json, "reason")));
}

void
clone_print_checks(const struct clone *clone)
{
  CLEANUP_JSON struct json_object *document = NULL;
  struct clxs_call *call = clone->call;
  const struct clxs_output *output = clxs_output(call);
  struct json_object *objects;

  if (clone->judgement) print_judgement(clone);
  if (!clone->validation) return;
  document = json_parse(clone->validation, strlen(clone->validation), NULL, NULL);
  objects = json_get_array(document, "objects");
  output->text(call, "");
  output->text(call, clxs_textf(call, "validation: %s", json_get_text(document, "status")));
  for (size_t i = 0; i < json_length(objects); i++) {
    struct json_object *object = json_item(objects, i);
    const char *status = json_get_text(object, "status"), *reason = json_get_text(object, "reason");

    if (str_eq(status, "match") || str_eq(status, "not_compared")) continue;
    output->text(call, clxs_textf(call, "  %s %s %s%s%s", status, json_get_text(object, "kind"),
                                  json_get_text(object, "name"), reason ? ": " : "", reason ? reason : ""));
  }
}
