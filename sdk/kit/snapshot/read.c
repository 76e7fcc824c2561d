/* SPDX-License-Identifier: Apache-2.0 */
/* A document as a model. Lists are parsed one element at a time: a tree of 10,000 tables would take ten times
 * the memory of the model. */
#include <clxs/clxs.h>
#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/sha256.h"
#include "base/str.h"
#include "kit/model/details.h"
#include "kit/model/model.h"
#include "kit/snapshot/snapshot.h"

#include "base/banned.h"

/* A piece of the document. */
struct piece {
  const char *text;
  size_t length;
};

struct reader {
  struct clxs_call *call;
  const char *path;
  struct model_catalog *model;
};

static clxs_status
refuse(const struct reader *reader, const char *why, const char *hint)
{
  return clxs_failf(reader->call, CLXS_E_DATA, hint, "%s: %s", reader->path, why);
}

static clxs_status
broken(const struct reader *reader)
{
  return refuse(reader, "this is no snapshot of clxs", "`clxs snapshot --output FILE` writes one");
}

static clxs_status
read_file(struct reader *reader, struct buf *text)
{
  CLEANUP_FILE FILE *file = fopen(reader->path, "rbe");
  char bytes[1 << 16];
  size_t length;

  if (!file)
    return clxs_failf(reader->call, CLXS_E_IO,
                      "check the name behind file:", "cannot open the snapshot %s: %s", reader->path,
                      strerror(errno));
  while ((length = fread(bytes, 1, sizeof bytes, file)) > 0)
    buf_add(text, bytes, length);
  if (ferror(file))
    return clxs_failf(reader->call, CLXS_E_IO, NULL, "cannot read the snapshot %s: %s", reader->path,
                      strerror(errno));
  return text->overflow ? refuse(reader, "it is over 1 GiB", NULL) : CLXS_OK;
}

/* The object PIECE without its lists, which are long. The caller puts it back. */
static struct json_object *
parse_head(struct piece piece, const char *const *lists)
{
  CLEANUP_BUF struct buf head = BUF_INIT(BUF_LARGE);

  buf_add(&head, piece.text, piece.length);
  for (; *lists; lists++) {
    size_t start, end;
    CLEANUP_BUF struct buf shorter = BUF_INIT(BUF_LARGE);

    if (!json_scan_array(head.data, head.len, *lists, 1, &start, &end)) continue;
    buf_add(&shorter, head.data, start);
    buf_add_text(&shorter, "[]");
    buf_add(&shorter, head.data + end, head.len - end);
    buf_reset(&head);
    buf_add(&head, shorter.data, shorter.len);
  }
  return json_parse(head.data, head.len, NULL, NULL);
}

static struct piece
member(struct piece piece, const char *key)
{
  size_t start, end;

  if (!json_scan_member(piece.text, piece.length, key, 1, &start, &end)) return (struct piece){NULL, 0};
  return (struct piece){piece.text + start, end - start};
}

/* Step over the elements of the array ARRAY without parsing them; start with *POSITION 0. */
static bool
next_element(struct piece array, size_t *position, struct piece *element)
{
  const char *end = array.text + array.length, *at = array.text + (*position ? *position : 1), *behind;

  if (!array.length) return false;
  at = json_scan_space(at, end);
  if (at < end && *at == ',') at = json_scan_space(at + 1, end);
  behind = at < end && *at != ']' ? json_scan_value(at, end) : NULL;
  if (!behind) return false;
  *element = (struct piece){at, (size_t)(behind - at)};
  *position = (size_t)(behind - array.text);
  return true;
}

static int
compare_tags(const struct model_tag *a, const struct model_tag *b)
{
  if (!a->column || !b->column) return (a->column != NULL) - (b->column != NULL);
  return strcmp(a->column, b->column);
}

static void
parse_grants(struct model_catalog *model, struct json_object *json, struct model_item *item)
{
  struct json_object *list = json_get_array(json, "grants");
  struct model_grant *grants;
  size_t count = 0;

  for (size_t i = 0; i < json_length(list); i++)
    count += json_length(json_get_array(json_item(list, i), "privileges"));
  grants = arena_array(model->arena, count + 1, sizeof *grants);
  item->grants = grants;
  if (json_get_bool(json, "grants_hidden", false))
    item->grants_problem = "they could not be read when the snapshot was taken";
  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *privileges = json_get_array(json_item(list, i), "privileges");
    const char *principal = model_text(model, json_get_text(json_item(list, i), "principal"));

    for (size_t k = 0; principal && k < json_length(privileges); k++)
      grants[item->grant_count++] = (struct model_grant){
          principal, model_text(model, json_object_get_string(json_item(privileges, k)))};
  }
}

/* What listings of the service do not say. False when it is not as snapshot_write makes it. */
static bool
parse_details(struct model_catalog *model, struct json_object *json, struct model_item *item)
{
  struct json_object *list = json_get_array(json, "tags");
  struct model_tag *tags = arena_array(model->arena, json_length(list) + 1, sizeof *tags);

  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *tag = json_item(list, i);

    tags[i] = (struct model_tag){model_text(model, json_get_text(tag, "column")),
                                 model_text(model, json_get_text(tag, "key")),
                                 model_text(model, json_get_text(tag, "value"))};
    if (!tags[i].key || !tags[i].value) return false;
    if (i && compare_tags(&tags[i - 1], &tags[i]) > 0) return false;
  }
  item->tags = tags;
  item->tag_count = (uint32_t)json_length(list);
  parse_grants(model, json, item);
  return true;
}

static bool
parse_object(struct model_catalog *model, struct model_schema *schema, const char *kind,
             struct json_object *json)
{
  if (str_eq(kind, "tables")) {
    struct model_table *table = VEC_ADD(&schema->tables);

    return model_parse_table(model, json, table) && parse_details(model, json, &table->item);
  }
  if (str_eq(kind, "functions")) {
    struct model_function *function = VEC_ADD(&schema->functions);

    return model_parse_function(model, json, function) && parse_details(model, json, &function->item);
  }
  struct model_volume *volume = VEC_ADD(&schema->volumes);

  return model_parse_volume(model, json, volume) && parse_details(model, json, &volume->item);
}

static const char *const kinds[] = {"tables", "functions", "volumes", NULL};

static bool
parse_schema(struct model_catalog *model, struct piece piece)
{
  CLEANUP_JSON struct json_object *head = parse_head(piece, kinds);
  struct model_schema *schema = VEC_ADD(&model->schemas);

  if (!head || !model_parse_schema(model, head, schema) || !parse_details(model, head, &schema->item))
    return false;
  for (const char *const *kind = kinds; *kind; kind++) {
    struct piece list = member(piece, *kind);
    size_t position = 0;
    int more;

    if (!list.length) return false;
    do {
      CLEANUP_JSON struct json_object *json = NULL;

      more = json_array_next(list.text, list.length, &position, &json);
      if (more > 0 && !parse_object(model, schema, *kind, json)) return false;
    } while (more > 0);
    if (more < 0) return false;
  }
  return true;
}

static bool
parse_catalog(struct model_catalog *model, struct piece catalog)
{
  static const char *const lists[] = {"schemas", NULL};
  CLEANUP_JSON struct json_object *head = parse_head(catalog, lists);
  struct piece schemas = member(catalog, "schemas"), element;
  size_t position = 0;

  if (!head || !schemas.length || !model_parse_catalog(model, head) ||
      !parse_details(model, head, &model->item))
    return false;
  while (next_element(schemas, &position, &element))
    if (!parse_schema(model, element)) return false;
  model_sort(model);
  return true;
}

/* Somebody may have edited the file, or copied half of it. */
static clxs_status
check_hash(const struct reader *reader, struct json_object *head, struct piece catalog)
{
  const char *said = json_get_text(head, "content_hash");
  CLEANUP_BUF struct buf compact = BUF_INIT(BUF_LARGE);
  char hash[65];

  if (!said) return CLXS_OK;
  json_scan_compact(&compact, catalog.text, catalog.length);
  sha256_hex(compact.data, compact.len, hash);
  if (str_starts(said, "sha256:") && str_eq(said + strlen("sha256:"), hash)) return CLXS_OK;
  return refuse(reader,
                "the snapshot was changed since it was taken: its content_hash is not that of its content",
                "take a new one, or remove the member content_hash to use it as it is");
}

static uint32_t
read_covers(struct json_object *head)
{
  struct json_object *covers = json_get_object(head, "covers");

  return (json_get_bool(covers, "tags", false) ? MODEL_TAGS : 0) |
         (json_get_bool(covers, "constraints", false) ? MODEL_KEYS : 0) |
         (json_get_bool(covers, "grants", false) ? MODEL_GRANTS : 0);
}

static clxs_status
parse_document(struct reader *reader, struct piece document, uint32_t *covers)
{
  CLEANUP_JSON struct json_object *head = NULL;
  struct piece catalog = member(document, "catalog");
  CLEANUP_BUF struct buf rest = BUF_INIT(BUF_LARGE);
  clxs_status status;

  if (!catalog.length || *catalog.text != '{') return broken(reader);
  buf_add(&rest, document.text, (size_t)(catalog.text - document.text));
  buf_add_text(&rest, "{}");
  buf_add_text(&rest, catalog.text + catalog.length);
  head = json_parse(rest.data, rest.len, NULL, NULL);
  if (!str_eq(json_get_text(head, "format"), SNAPSHOT_FORMAT)) return broken(reader);
  if (json_get_int(head, "schema_version", 0) != SNAPSHOT_SCHEMA)
    return refuse(reader, "the snapshot has another schema_version than this clxs reads",
                  "use the clxs that took it, or a later one");
  status = check_hash(reader, head, catalog);
  if (status < 0) return status;
  *covers = read_covers(head);
  return parse_catalog(reader->model, catalog) ? CLXS_OK : broken(reader);
}

clxs_status
snapshot_read(struct clxs_call *call, const char *path, struct model_catalog **model, uint32_t *covers)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  struct reader reader = {.call = call, .path = path, .model = model_new("")};
  clxs_status status = read_file(&reader, &text);

  if (status >= 0) status = parse_document(&reader, (struct piece){text.data, text.len}, covers);
  if (status < 0) model_free(TAKE(reader.model));
  *model = reader.model;
  return status;
}
