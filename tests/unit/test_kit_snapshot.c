/* SPDX-License-Identifier: Apache-2.0 */
/* A catalog as a document and back: the same bytes for the same catalog, nothing lost, nothing believed that
 * was changed. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "kit/model/details.h"
#include "kit/model/filter.h"
#include "kit/model/model.h"
#include "kit/snapshot/side.h"
#include "kit/snapshot/snapshot.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

/* Every field that a snapshot keeps, names that need escaping, members and properties in no order. */
#define TABLE                                                                                           \
  "{\"table_type\":\"EXTERNAL\",\"name\":\"we\\\"ird "                                                  \
  "\\u00e4\",\"data_source_format\":\"DELTA\",\"owner\":\"o\","                                         \
  "\"storage_location\":\"s3://b/p\",\"comment\":\"a\\nb\",\"properties\":{\"z\":\"1\",\"a\":\"2\","    \
  "\"delta.lastCommitTimestamp\":\"17\"},\"row_filter\":{\"input_column_names\":[\"id\"],"              \
  "\"function_name\":\"c.s.f\"},\"columns\":[{\"name\":\"id\",\"position\":0,\"type_text\":\"bigint\"," \
  "\"nullable\":false,\"partition_index\":0,\"type_json\":\"{\\\"metadata\\\":{\\\"d\\\":1}}\","        \
  "\"mask\":{\"using_column_names\":[],\"function_name\":\"c.s.m\"},\"comment\":\"k\"}]}"
#define VIEW "{\"table_type\":\"VIEW\",\"name\":\"v\",\"view_definition\":\"SELECT 1\",\"sql_path\":\"c.s\"}"
#define FUNCTION                                                                                          \
  "{\"name\":\"f\",\"routine_body\":\"SQL\",\"routine_definition\":\"x + 1\",\"full_data_type\":\"INT\"," \
  "\"is_deterministic\":true,\"sql_data_access\":\"CONTAINS_SQL\",\"input_params\":{\"parameters\":["     \
  "{\"name\":\"x\",\"position\":0,\"type_text\":\"int\",\"parameter_default\":\"1\"}]}}"
#define VOLUME "{\"name\":\"vol\",\"volume_type\":\"MANAGED\",\"storage_location\":\"s3://managed/77\"}"
#define CATALOG(tables)                                                                                   \
  "{\"name\":\"c\",\"comment\":\"cc\",\"catalog_type\":\"MANAGED_CATALOG\",\"isolation_mode\":\"OPEN\","  \
  "\"schemas\":[{\"name\":\"s\",\"comment\":\"sc\",\"properties\":{\"p\":\"q\"},\"tables\":[" tables "]," \
  "\"functions\":[" FUNCTION "],\"volumes\":[" VOLUME "]},{\"name\":\"empty\"}]}"

static void
read_side(struct testhost *host, const char *name, struct side *side)
{
  *side = (struct side){.name = name};
  cr_assert_eq(sides_read(testhost_call(host), side, 1, NULL, 0, 2), CLXS_OK, "%s", name);
}

/* The document of the catalog as the service answers it. */
static void
write_catalog(const char *catalog, struct buf *out, char hash[SNAPSHOT_HASH_SIZE])
{
  HOST host = testhost_new();
  struct side side;

  testhost_catalog(host, catalog);
  read_side(host, "c", &side);
  snapshot_write(side.model, MODEL_TAGS, out, hash);
  sides_free(&side, 1);
}

static const char *
save(struct testhost *host, const struct buf *document)
{
  const char *path = clxs_textf(testhost_call(host), "%s/a.json", testhost_directory(host, CLXS_DIR_STATE)),
             *what;

  cr_assert(file_replace(path, document->data, document->len, 0600, &what), "%s", what);
  return clxs_textf(testhost_call(host), "file:%s", path);
}

Test(kit_snapshot, what_is_written_reads_back_as_it_was)
{
  HOST host = testhost_new();
  CLEANUP_BUF struct buf first = BUF_INIT(BUF_LARGE), second = BUF_INIT(BUF_LARGE);
  char hash[SNAPSHOT_HASH_SIZE], hash_again[SNAPSHOT_HASH_SIZE];
  struct side side;

  write_catalog(CATALOG(TABLE "," VIEW), &first, hash);
  read_side(host, save(host, &first), &side);
  cr_assert_eq(side.covers, MODEL_TAGS);
  snapshot_write(side.model, side.covers, &second, hash_again);
  cr_assert_str_eq(second.data, first.data);
  cr_assert_str_eq(hash_again, hash);
  cr_assert_eq(strlen(hash), SNAPSHOT_HASH_SIZE - 1);
  sides_free(&side, 1);
}

Test(kit_snapshot, every_field_is_in_the_document)
{
  static const char *const parts[] = {"\"we\\\"ird ä\"",
                                      "\"a\\nb\"",
                                      "s3://b/p",
                                      "\"input_column_names\"",
                                      "\"using_column_names\"",
                                      "\"nullable\": false",
                                      "partition_index",
                                      "\\\"d\\\":1",
                                      "SELECT 1",
                                      "\"sql_path\": \"c.s\"",
                                      "\"is_deterministic\": true",
                                      "parameter_default",
                                      "x + 1",
                                      "\"vol\"",
                                      "MANAGED_CATALOG",
                                      "\"OPEN\"",
                                      "\"p\": \"q\"",
                                      "\"empty\"",
                                      "\"schema_version\": 1",
                                      "\"tags\": true",
                                      "\"grants\": false"};
  CLEANUP_BUF struct buf document = BUF_INIT(BUF_LARGE);

  write_catalog(CATALOG(TABLE "," VIEW), &document, NULL);
  for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
    cr_assert_not_null(strstr(document.data, parts[i]), "%s is missing in %s", parts[i], document.data);
}

Test(kit_snapshot, what_changes_by_itself_is_left_out)
{
  CLEANUP_BUF struct buf document = BUF_INIT(BUF_LARGE);

  write_catalog(CATALOG(TABLE), &document, NULL);
  cr_assert_null(strstr(document.data, "lastCommitTimestamp"));
  cr_assert_null(strstr(document.data, "s3://managed/77"),
                 "where managed data lies is the service's business");
}

Test(kit_snapshot, the_order_of_the_service_does_not_matter)
{
  CLEANUP_BUF struct buf first = BUF_INIT(BUF_LARGE), second = BUF_INIT(BUF_LARGE);

  write_catalog(CATALOG(TABLE "," VIEW), &first, NULL);
  write_catalog(CATALOG(VIEW "," TABLE), &second, NULL);
  cr_assert_str_eq(second.data, first.data);
}

/* The document with FROM replaced by TO, and what reading it says. */
static clxs_status
read_changed(const char *from, const char *to, const char *expected)
{
  HOST host = testhost_new();
  CLEANUP_BUF struct buf document = BUF_INIT(BUF_LARGE), changed = BUF_INIT(BUF_LARGE);
  struct side side = {0};
  clxs_status status;
  char *at;

  write_catalog(CATALOG(TABLE), &document, NULL);
  at = strstr(document.data, from);
  cr_assert_not_null(at, "%s", from);
  buf_add(&changed, document.data, (size_t)(at - document.data));
  buf_add_text(&changed, to);
  if (*to) buf_add_text(&changed, at + strlen(from));
  side.name = save(host, &changed);
  status = sides_read(testhost_call(host), &side, 1, NULL, 0, 2);
  sides_free(&side, 1);
  if (expected) {
    const char *message = testhost_call(host)->core->error(testhost_call(host))->message;

    cr_assert_not_null(strstr(message, expected), "%s", message);
  }
  return status;
}

Test(kit_snapshot, what_is_no_snapshot_is_refused)
{
  cr_assert_eq(read_changed("\"nullable\": false", "\"nullable\": true", "changed since it was taken"),
               CLXS_E_DATA);
  cr_assert_eq(read_changed("\"schema_version\": 1", "\"schema_version\": 2", "another schema_version"),
               CLXS_E_DATA);
  cr_assert_eq(read_changed("clxs.snapshot", "other", "no snapshot"), CLXS_E_DATA);
  cr_assert_eq(read_changed("\"volumes\"", "", "no snapshot"), CLXS_E_DATA, "half a file");
  cr_assert_eq(read_changed("{", "", "no snapshot"), CLXS_E_DATA, "an empty file");
}

Test(kit_snapshot, an_edited_one_is_fine_without_its_hash)
{
  cr_assert_eq(read_changed("\"content_hash\"", "\"was\"", NULL), CLXS_OK);
}

Test(kit_snapshot, a_file_that_is_not_there_is_named)
{
  HOST host = testhost_new();
  struct side side = {.name = "file:/nowhere/at all.json"};

  cr_assert_eq(sides_read(testhost_call(host), &side, 1, NULL, 0, 2), CLXS_E_IO);
  cr_assert_not_null(
      strstr(testhost_call(host)->core->error(testhost_call(host))->message, "/nowhere/at all.json"));
}

Test(kit_snapshot, the_filter_is_for_files_too)
{
  HOST host = testhost_new();
  CLEANUP_BUF struct buf document = BUF_INIT(BUF_LARGE);
  CLEANUP_FILTER struct filter *filter = NULL;
  struct side side = {0};

  write_catalog(CATALOG(TABLE), &document, NULL);
  testhost_arg(host, "include-schemas", "EMPTY");
  cr_assert_eq(filter_read(testhost_call(host), &filter), CLXS_OK);
  side.name = save(host, &document);
  cr_assert_eq(sides_read(testhost_call(host), &side, 1, filter, 0, 2), CLXS_OK);
  cr_assert_eq(side.model->schemas.count, 1);
  cr_assert_str_eq(side.model->schemas.at[0].item.name, "empty");
  sides_free(&side, 1);
}
