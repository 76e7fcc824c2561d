/* SPDX-License-Identifier: Apache-2.0 */
/* Dependencies. https://docs.databricks.com/api/workspace/tables/get (view_dependencies) */
#include "ddl/depend.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

#include "base/banned.h"

static bool
find(struct session *session, const struct sqltext_reference *reference, struct securable *out)
{
  enum securable_kind kind = reference->kind == SQLTEXT_FUNCTION ? SEC_FUNCTION : SEC_TABLE;
  struct name name;

  if (reference->kind != SQLTEXT_FUNCTION && reference->kind != SQLTEXT_RELATION) return false;
  if (reference->count == 0 || reference->count > 3) return false;
  if (!name_resolve(session, kind, reference->parts, reference->count, &name)) {
    fault_clear(session);
    return false;
  }
  return securable_find(session, kind, &name, out);
}

const char *
dependencies_json(struct session *session, const char *text, enum sqltext_language language)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  struct map *seen CLEANUP_MAP = map_new();
  struct sqltext_references references;

  sqltext_read(session->arena, text, strlen(text), language, NULL, &references);
  buf_add_text(&out, "{\"dependencies\":[");
  for (size_t i = 0; i < references.count; i++) {
    const char *word = references.at[i].kind == SQLTEXT_FUNCTION ? "function" : "table";
    struct securable object;

    if (!find(session, &references.at[i], &object)) continue;
    if (map_set(seen, arena_printf(session->arena, "%s %s", word, object.full_name), session)) continue;
    buf_addf(&out, "%s{\"%s\":{\"%s_full_name\":", map_count(seen) > 1 ? "," : "", word, word);
    buf_add_json(&out, object.full_name);
    buf_add_text(&out, "}}");
  }
  buf_add_text(&out, "]}");
  return arena_strndup(session->arena, out.data, out.len);
}
