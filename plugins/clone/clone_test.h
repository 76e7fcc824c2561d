/* SPDX-License-Identifier: Apache-2.0 */
/* What the clone tests share: running the command on a test host, and looking into its summary. */
#ifndef CLXS_PLUGINS_CLONE_TEST_H
#define CLXS_PLUGINS_CLONE_TEST_H

#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

/* A host with a source "prod", a destination "dev", every statement answered, and JSON asked for. */
static inline struct testhost *
clone_host(const char *catalog)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "dest", "dev");
  testhost_arg(host, "max-workers", "4");
  testhost_arg(host, "comments", "true");
  testhost_arg(host, "protected-tables", "skip");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_sql(host, "*", NULL);
  testhost_sql(host, "SELECT t.table_schema, *table_constraints*",
               "{\"columns\":[\"table_schema\",\"table_name\",\"constraint_type\",\"constraint_name\","
               "\"column_name\"],\"rows\":[]}");
  testhost_sql(host, "SELECT 'catalog' AS kind*volume_tags",
               "{\"columns\":[\"kind\",\"schema\",\"name\",\"column\",\"key\",\"value\"],\"rows\":[]}");
  if (catalog) testhost_catalog(host, catalog);
  return host;
}

static inline clxs_status
clone_on(struct testhost *host)
{
  const struct clxs_plugin *plugin = clxs_plugin_v1();

  return plugin->commands[0]->run(NULL, testhost_call(host));
}

static inline struct json_object *
clone_summary(struct testhost *host)
{
  const char *document = testhost_document(host);

  cr_assert_not_null(document);
  return json_parse(document, strlen(document), NULL, NULL);
}

/* The summary's entry for NAME, or NULL. */
static inline struct json_object *
clone_object(struct json_object *summary, const char *name)
{
  struct json_object *objects = json_get_array(summary, "objects");

  for (size_t i = 0; i < json_length(objects); i++)
    if (str_eq(json_get_text(json_item(objects, i), "name"), name)) return json_item(objects, i);
  return NULL;
}

#define assert_object(summary, object_name, object_status)                                       \
  do {                                                                                           \
    struct json_object *object_ = clone_object(summary, object_name);                            \
    cr_assert_not_null(object_, "%s is not in the summary", object_name);                        \
    cr_assert_str_eq(json_get_text(object_, "status"), object_status, "%s: %s: %s", object_name, \
                     json_get_text(object_, "status"), json_get_text(object_, "reason"));        \
  } while (0)

#define assert_sent(host, statement) \
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, statement), 1, "%s", statement)
#define assert_not_sent(host, statement) \
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, statement), 0, "%s", statement)

#endif
