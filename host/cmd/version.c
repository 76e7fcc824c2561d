/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs version`: which program and which plugin interface this is. */
#include <clxs/abi.h>

#include "app.h"
#include "base/buf.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "out/out.h"

#include "base/banned.h"

clxs_status
cmd_version(struct app *app, const struct args *args, struct err *err)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_SQL);

  (void)args;
  if (out_format(app->out) == CLXS_FORMAT_TEXT) return cmd_show_version(app, err);
  buf_addf(&json, "{\"version\":\"" CLXS_VERSION "\",\"abi\":\"%d.%d\"}", CLXS_ABI_MAJOR, CLXS_ABI_MINOR);
  return out_document(app->out, json.data, json.len, err);
}

clxs_status
cmd_show_version(struct app *app, struct err *err)
{
  static const char line[] = "clxs " CLXS_VERSION "\n";

  return out_raw(app->out, line, sizeof line - 1, err);
}
