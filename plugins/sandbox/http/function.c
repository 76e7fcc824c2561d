/* SPDX-License-Identifier: Apache-2.0 */
/* Functions and (there are none yet) registered models over REST.
 * https://docs.databricks.com/api/workspace/functions */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/page.h"
#include "http/table_json.h"
#include "http/unity.h"
#include "query/type.h"

#include "base/banned.h"

static struct json_object *
render_parameter(struct request *request, const struct parameter *parameter, bool input)
{
  struct json_object *out = json_object_new_object();
  const struct sql_type *type = type_parse(&request->session, parameter->type_text);

  json_add_text(out, "name", parameter->name);
  json_add_text(out, "type_text", parameter->type_text);
  json_add_text(out, "type_name", parameter->type_name);
  if (type)
    json_add_text(out, "type_json",
                  type_field_json(request->arena, parameter->name, type, true, parameter->comment, NULL));
  fault_clear(&request->session);
  json_add_int(out, "type_precision", parameter->precision);
  json_add_int(out, "type_scale", parameter->scale);
  json_add_int(out, "position", parameter->position);
  json_add_text(out, "parameter_mode", "IN");
  json_add_text(out, "parameter_type", input ? "PARAM" : "COLUMN");
  unity_add_known(out, "parameter_default", parameter->default_sql);
  unity_add_known(out, "comment", parameter->comment);
  return out;
}

static void
add_parameters(struct request *request, struct json_object *out, const char *key,
               const struct parameter *parameters, size_t count, bool input)
{
  struct json_object *object = json_object_new_object(), *list;

  if (count > 0) {
    list = json_object_new_array();
    for (size_t i = 0; i < count; i++)
      json_object_array_add(list, render_parameter(request, &parameters[i], input));
    json_object_object_add(object, "parameters", list);
  }
  json_object_object_add(out, key, object);
}

static struct json_object *
render(struct request *request, const struct function *function)
{
  struct json_object *out = unity_object(request, &function->object);
  bool sql = str_ieq(function->language, "SQL");

  unity_add_parents(out, &function->object);
  json_add_text(out, "function_id", function->object.uuid);
  json_add_text(out, "data_type", function->data_type);
  json_add_text(out, "full_data_type", function->full_data_type);
  add_parameters(request, out, "input_params", function->inputs, function->input_count, true);
  if (function->return_count > 0)
    add_parameters(request, out, "return_params", function->returns, function->return_count, false);
  json_add_text(out, "routine_body", sql ? "SQL" : "EXTERNAL");
  unity_add_known(out, "routine_definition", function->definition);
  if (!sql)
    json_add_text(out, "external_language",
                  str_ieq(function->language, "PYTHON") ? "Python" : function->language);
  unity_add_json(out, "routine_dependencies", function->dependencies);
  json_add_text(out, "parameter_style", "S");
  json_add_bool(out, "is_deterministic", function->deterministic);
  unity_add_known(out, "sql_data_access", function->sql_data_access);
  json_add_bool(out, "is_null_call", true);
  json_add_text(out, "security_type", "DEFINER");
  json_add_text(out, "specific_name", function->object.name);
  json_add_text(out, "properties", "{}");
  return out;
}

static struct json_object *
list_functions(struct request *request)
{
  const char *catalog = query_required(request, "catalog_name");
  const char *schema = catalog ? query_required(request, "schema_name") : NULL;
  struct json_object *list;
  struct function *functions;
  struct page page;
  size_t count;
  bool browse;

  if (!schema || !page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !query_bool(request, "include_browse", false, &browse) ||
      !function_list(&request->session, catalog, schema, &page, &functions, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    if (unity_shows(&functions[i].object, browse))
      json_object_array_add(list, render(request, &functions[i]));
  return unity_page(request, "functions", list, &page);
}

static struct json_object *
get_function(struct request *request)
{
  struct function function;
  struct name name;

  if (!unity_name(request, SEC_FUNCTION, &name) || !function_get(&request->session, &name, &function) ||
      !unity_allow_browse(request, &function.object))
    return NULL;
  return render(request, &function);
}

static struct json_object *
patch_function(struct request *request)
{
  struct json_object *body = request_json(request);
  struct function function;
  struct patch patch = {0};
  struct name name;

  if (!body || !body_text(request, body, "owner", &patch.owner) || !unity_name(request, SEC_FUNCTION, &name))
    return NULL;
  if (!patch.owner) {
    reply_invalid(request, "UpdateFunction: only owner can be changed by this API, and it is missing.");
    return NULL;
  }
  if (!securable_update(&request->session, SEC_FUNCTION, &name, &patch, NULL) ||
      !function_get(&request->session, &name, &function))
    return NULL;
  return render(request, &function);
}

static struct json_object *
delete_function(struct request *request)
{
  struct name name;
  bool force;

  if (!query_bool(request, "force", false, &force) || !unity_name(request, SEC_FUNCTION, &name) ||
      !function_drop(&request->session, &name))
    return NULL;
  return unity_done();
}

static bool
read_parameter(struct request *request, struct json_object *item, struct parameter *out)
{
  const struct sql_type *type;
  const char *wanted;
  int64_t position = out->position;

  if (!(out->name = body_required(request, item, "name")) ||
      !(wanted = body_required(request, item, "type_text")) ||
      !body_int(request, item, "position", &position) ||
      !body_text(request, item, "comment", &out->comment) ||
      !body_text(request, item, "parameter_default", &out->default_sql) ||
      !(type = type_parse(&request->session, wanted)))
    return false;
  out->position = (int)position;
  out->type_text = type_text(request->arena, type);
  out->type_name = type_name(type);
  out->type_json = type_alone_json(request, type);
  out->precision = type_precision(type);
  out->scale = type_scale(type);
  return true;
}

static bool
read_parameters(struct request *request, struct json_object *body, const char *key, struct parameter **out,
                size_t *count)
{
  struct json_object *object = NULL, *list = NULL;

  *count = 0;
  if (!body_object(request, body, key, &object) ||
      (object && !body_array(request, object, "parameters", &list)))
    return false;
  *count = json_length(list);
  *out = arena_array(request->arena, *count + 1, sizeof **out);
  for (size_t i = 0; i < *count; i++) {
    (*out)[i].position = (int)i;
    if (!read_parameter(request, json_item(list, i), &(*out)[i])) return false;
  }
  return true;
}

/* The members of function_info that must be there and that this sandbox reads or at least checks. */
static bool
read_function(struct request *request, struct json_object *info, struct function *out)
{
  static const char *const needed[] = {"routine_body", "parameter_style", "sql_data_access", "security_type",
                                       "specific_name"};
  struct securable *object = &out->object;
  const char *body, *language = NULL;

  for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
    if (!body_required(request, info, needed[i])) return false;
  if (!(object->name = body_required(request, info, "name")) ||
      !(object->catalog_name = body_required(request, info, "catalog_name")) ||
      !(object->schema_name = body_required(request, info, "schema_name")) ||
      !(out->data_type = body_required(request, info, "data_type")) ||
      !(out->full_data_type = body_required(request, info, "full_data_type")) ||
      !(out->definition = body_required(request, info, "routine_definition")) ||
      !body_text(request, info, "comment", &object->comment) ||
      !body_bool(request, info, "is_deterministic", &out->deterministic) ||
      !body_text(request, info, "external_language", &language) ||
      !read_parameters(request, info, "input_params", &out->inputs, &out->input_count) ||
      !read_parameters(request, info, "return_params", &out->returns, &out->return_count))
    return false;
  body = json_get_text(info, "routine_body");
  out->sql_data_access = json_get_text(info, "sql_data_access");
  object->kind = SEC_FUNCTION;
  out->language = strcmp(body, "SQL") == 0                  ? "SQL"
                  : language && str_ieq(language, "python") ? "PYTHON"
                                                            : NULL;
  if (!out->language)
    return reply_invalid(request, "routine_body must be SQL, or EXTERNAL with external_language Python.");
  out->sql_catalog = object->catalog_name;
  out->sql_schema = object->schema_name;
  return true;
}

static struct json_object *
create_function(struct request *request)
{
  struct json_object *body = request_json(request), *info = NULL;
  struct function function = {0};
  const struct sql_type *type;
  struct name name;

  if (!body || !body_object(request, body, "function_info", &info)) return NULL;
  if (!info) {
    reply_invalid(request, "Missing required field: function_info");
    return NULL;
  }
  if (!read_function(request, info, &function)) return NULL;
  if (function.return_count == 0) {
    if (!(type = type_parse(&request->session, function.full_data_type))) return NULL;
    function.return_json = type_alone_json(request, type);
  }
  if (!function_create(&request->session, &function, false) ||
      !name_split(&request->session, SEC_FUNCTION, function.object.full_name, &name) ||
      !function_get(&request->session, &name, &function))
    return NULL;
  return render(request, &function);
}

/* Models: nothing makes one here, so lists are empty and look-ups find nothing. */

static struct json_object *
list_models(struct request *request)
{
  const char *catalog = query_text(request, "catalog_name"), *schema = query_text(request, "schema_name");
  struct name name = {.catalog = catalog, .schema = schema};
  struct securable object;
  struct page page;

  if (!page_begin(request, "max_results", PAGE_ALWAYS, &page)) return NULL;
  if (!catalog != !schema) {
    reply_invalid(request, "catalog_name and schema_name must be given both or neither.");
    return NULL;
  }
  if (catalog && !securable_get(&request->session, SEC_SCHEMA, &name, &object)) return NULL;
  return unity_page(request, "registered_models", json_object_new_array(), &page);
}

static struct json_object *
get_model(struct request *request)
{
  reply_missing(request, "Routine or Model '%s' does not exist.", request->params[0]);
  return NULL;
}

const struct route function_routes[] = {
    ROUTE_WORK("GET", UC "functions", list_functions),
    ROUTE_WORK("POST", UC "functions", create_function),
    ROUTE_WORK("GET", UC "functions/{}", get_function),
    ROUTE_WORK("PATCH", UC "functions/{}", patch_function),
    ROUTE_WORK("DELETE", UC "functions/{}", delete_function),
    ROUTE_WORK("GET", UC "models", list_models),
    ROUTE_WORK("GET", UC "models/{}", get_model),
    ROUTE_END,
};
