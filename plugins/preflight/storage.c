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

/* A place, and what has to be granted on the external location that covers it. */
struct place {
  const char *check, *url;
  const char *privileges[3]; /* NULL-terminated */
  bool maybe;                /* what needs them may not be there */
};

static void
judge_location(struct preflight *preflight, const struct place *place, struct json_object *location)
{
  CLEANUP_RIGHTS struct rights rights = {0};
  struct clxs_call *call = preflight->call;
  const char *name = json_get_text(location, "name"), *missing;

  rights_read(preflight, "external_location", name ? name : "", json_get_text(location, "owner"), &rights);
  missing = rights_missing(preflight, &rights, place->privileges);
  if (json_get_bool(location, "read_only", false))
    check_fail(preflight, place->check, CLXS_E_UNSUPPORTED,
               clxs_textf(call, "%s is in the external location %s, which is read-only", place->url, name),
               "name a place that can be written");
  else if (!rights.known)
    check_warn(preflight, place->check,
               clxs_textf(call, "%s is in the external location %s; your privileges on it are not told: %s",
                          place->url, name, rights.problem),
               clxs_textf(call, "%s on it is needed", missing));
  else if (missing && place->maybe)
    check_warn(preflight, place->check,
               clxs_textf(call, "%s is missing on the external location %s, which covers %s", missing, name,
                          place->url),
               grant_hint(preflight, missing, "EXTERNAL LOCATION", name));
  else if (missing)
    check_fail(preflight, place->check, CLXS_E_DENIED,
               clxs_textf(call, "%s is missing on the external location %s, which covers %s", missing, name,
                          place->url),
               grant_hint(preflight, missing, "EXTERNAL LOCATION", name));
  else
    check_ok(preflight, place->check, clxs_textf(call, "%s, in the external location %s", place->url, name));
}

static void
check_place(struct preflight *preflight, const struct place *place)
{
  struct clxs_call *call = preflight->call;
  struct search search = {.url = place->url};
  struct clxs_request request = {.size = sizeof request,
                                 .method = "GET",
                                 .path = "/api/2.1/unity-catalog/external-locations",
                                 .query = "max_results=0",
                                 .purpose = "preflight"};
  clxs_status status = clxs_rest(call)->each(call, &request, "external_locations", take_location, &search);

  if (status < 0)
    check_warn(preflight, place->check,
               clxs_textf(call, "which external location covers %s is not told: %s", place->url,
                          take_message(preflight)),
               "without one nothing can be made there");
  else if (!search.found)
    check_warn(preflight, place->check,
               clxs_textf(call, "no external location that you see covers %s", place->url),
               "have one made, or one shown to you (BROWSE); without one nothing can be made there");
  else
    judge_location(preflight, place, search.found);
  json_object_put(search.found);
}

/* The folder in front of the first placeholder: what is below it, the same location covers, unless it is cut
 * finer. */
static void
check_template(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  const char *template = call->core->arg_text(call, "external-location-template", 0);
  struct place place = {
      "external storage", NULL, {"CREATE_EXTERNAL_TABLE", "CREATE_EXTERNAL_VOLUME", NULL}, true};
  size_t length;

  if (!template) return;
  length = strcspn(template, "{");
  while (length && template[length - 1] != '/')
    length--;
  place.url = clxs_textf(call, "%.*s", (int)length, template);
  check_place(preflight, &place);
}

void
check_storage(struct preflight *preflight)
{
  const struct place place = {CHECK, preflight->location, {"CREATE_MANAGED_STORAGE", NULL, NULL}, false};

  if (!preflight->source_exists) return;
  check_template(preflight);
  if (preflight->dest_exists) return;
  if (preflight->location)
    check_place(preflight, &place);
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
