/* SPDX-License-Identifier: Apache-2.0 */
/* Where the files of a new catalog go: to --location, which an external location has to cover, or to the
 * metastore's own root. https://docs.databricks.com/connect/unity-catalog/cloud-storage/managed-storage.html
 */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "preflight.h"

#include "base/banned.h"

#define CHECK "storage"

struct search {
  struct preflight *preflight;
  const char *url;
  struct json_object *found; /* the external location that covers URL, or NULL */
};

/* "s3://a/b" covers itself and "s3://a/b/c", not "s3://a/bc". */
static bool
covers(const char *location, const char *url)
{
  size_t length = location ? strlen(location) : 0;

  while (length && location[length - 1] == '/')
    length--;
  return length && strncmp(location, url, length) == 0 && (url[length] == '\0' || url[length] == '/');
}

static clxs_status
take_location(void *data, const char *text, size_t length)
{
  struct search *search = data;
  struct json_object *location = json_parse(text, length, NULL, NULL);

  if (!search->found && covers(json_get_text(location, "url"), search->url))
    search->found = location;
  else
    json_object_put(location);
  return CLXS_OK;
}

static void
judge_location(struct preflight *preflight, struct json_object *location)
{
  static const char *const create[] = {"CREATE_MANAGED_STORAGE", NULL};
  CLEANUP_RIGHTS struct rights rights = {0};
  struct clxs_call *call = preflight->call;
  const char *name = json_get_text(location, "name");

  rights_read(preflight, "external_location", name ? name : "", json_get_text(location, "owner"), &rights);
  if (json_get_bool(location, "read_only", false))
    check_fail(
        preflight, CHECK, CLXS_E_UNSUPPORTED,
        clxs_textf(call, "%s is in the external location %s, which is read-only", preflight->location, name),
        "give --location a place that can be written");
  else if (!rights.known)
    check_warn(preflight, CHECK,
               clxs_textf(call, "%s is in the external location %s; your privileges on it are not told: %s",
                          preflight->location, name, rights.problem),
               "CREATE MANAGED STORAGE on it is needed");
  else if (rights_missing(preflight, &rights, create))
    check_fail(preflight, CHECK, CLXS_E_DENIED,
               clxs_textf(call,
                          "CREATE MANAGED STORAGE is missing on the external location %s, which covers %s",
                          name, preflight->location),
               grant_hint(preflight, "CREATE MANAGED STORAGE", "EXTERNAL LOCATION", name));
  else
    check_ok(preflight, CHECK,
             clxs_textf(call, "%s, in the external location %s", preflight->location, name));
}

static void
check_location(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  struct search search = {.preflight = preflight, .url = preflight->location};
  struct clxs_request request = {.size = sizeof request,
                                 .method = "GET",
                                 .path = "/api/2.1/unity-catalog/external-locations",
                                 .query = "max_results=0",
                                 .purpose = "preflight"};
  clxs_status status = clxs_rest(call)->each(call, &request, "external_locations", take_location, &search);

  if (status < 0)
    check_warn(preflight, CHECK,
               clxs_textf(call, "which external location covers %s is not told: %s", preflight->location,
                          take_message(preflight)),
               "CREATE MANAGED STORAGE on it is needed");
  else if (!search.found)
    check_warn(preflight, CHECK,
               clxs_textf(call, "no external location that you see covers %s", preflight->location),
               "have one made, or one shown to you (BROWSE); without one the catalog cannot be made there");
  else
    judge_location(preflight, search.found);
  json_object_put(search.found);
}

void
check_storage(struct preflight *preflight)
{
  if (preflight->dest_exists || !preflight->source_exists) return;
  if (preflight->location)
    check_location(preflight);
  else if (!metastore_read(preflight))
    take_message(preflight);
  else if (preflight->metastore_root)
    check_ok(preflight, CHECK,
             clxs_textf(preflight->call, "in the metastore's root, %s", preflight->metastore_root));
  else
    check_warn(preflight, CHECK,
               "the metastore has no storage root, so a new catalog may need a place of its own",
               "give --location, unless the account has default storage");
}
