/* SPDX-License-Identifier: Apache-2.0 */
/* Grants, owners and tags: may they be read at the source, and set at the destination? Whoever makes a
 * catalog owns it and may do all that, and nothing here stops a clone: what cannot be set is reported object
 * by object. ALL PRIVILEGES does not include MANAGE.
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges */
#include "base/buf.h"
#include "base/str.h"
#include "preflight.h"

#include "base/banned.h"

#define CHECK "metadata"

static bool
wants(const struct preflight *preflight, const char *flag)
{
  return preflight->call->core->arg_int(preflight->call, flag) != 0;
}

static bool
holds(const struct rights *rights, const char *privilege)
{
  if (rights->owner) return true;
  for (size_t i = 0; i < rights->privileges.count; i++)
    if (str_ieq(rights->privileges.at[i], privilege)) return true;
  return false;
}

static void
add_finding(struct buf *text, const char *finding)
{
  buf_addf(text, "%s%s", text->len ? "; " : "", finding);
}

static void
look_at_source(struct preflight *preflight, struct buf *text, struct buf *grants)
{
  CLEANUP_RIGHTS struct rights rights = {0};

  if (!wants(preflight, "permissions")) return;
  rights_read(preflight, "catalog", preflight->source, preflight->source_owner, &rights);
  if (!rights.known || holds(&rights, "MANAGE")) return;
  add_finding(text, clxs_textf(preflight->call,
                               "MANAGE is missing on %s: grants on what others own there cannot be read",
                               preflight->source));
  add_finding(grants, grant_hint(preflight, "MANAGE", "CATALOG", preflight->source));
}

static void
look_at_destination(struct preflight *preflight, struct buf *text, struct buf *grants)
{
  CLEANUP_RIGHTS struct rights rights = {0};
  bool manage = wants(preflight, "permissions") || wants(preflight, "ownership"),
       tags = wants(preflight, "tags");

  if (!preflight->dest_exists || !(manage || tags)) return;
  rights_read(preflight, "catalog", preflight->dest, preflight->dest_owner, &rights);
  if (!rights.known || holds(&rights, "MANAGE")) return;
  if (manage) {
    add_finding(
        text, clxs_textf(preflight->call,
                         "MANAGE is missing on %s: grants and owners of what others own there cannot be set",
                         preflight->dest));
    add_finding(grants, grant_hint(preflight, "MANAGE", "CATALOG", preflight->dest));
  }
  if (!tags || rights_has(&rights, "APPLY_TAG")) return;
  add_finding(text, clxs_textf(preflight->call,
                               "APPLY TAG is missing on %s: tags of what others own there cannot be set",
                               preflight->dest));
  add_finding(grants, grant_hint(preflight, "APPLY TAG", "CATALOG", preflight->dest));
}

void
check_metadata(struct preflight *preflight)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE), grants = BUF_INIT(BUF_LARGE);
  struct clxs_call *call = preflight->call;

  if (!preflight->source_exists) return;
  look_at_source(preflight, &text, &grants);
  look_at_destination(preflight, &text, &grants);
  if (text.len)
    check_warn(preflight, CHECK, clxs_textf(call, "%s", text.data), clxs_textf(call, "%s", grants.data));
  else if (wants(preflight, "permissions") || wants(preflight, "ownership") || wants(preflight, "tags"))
    check_ok(preflight, CHECK, "grants, owners and tags can be copied, as far as the catalogs tell");
}
