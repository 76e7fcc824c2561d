/* SPDX-License-Identifier: Apache-2.0 */
/* A third party's test of the template plugin: its sources and the installed test host, without Criterion. */
#include <clxs/testhost.h>
#include <stdio.h>
#include <string.h>

int
main(void)
{
  struct testhost *host = testhost_new();
  const struct clxs_plugin *plugin = clxs_plugin_v1();
  clxs_status status;

  testhost_arg(host, "name", "Ada");
  testhost_arg(host, "greeting", "Hi");
  testhost_arg(host, "times", "1");
  status = plugin->commands[0]->run(NULL, testhost_call(host));
  printf("%s\n", plugin->id);
  testhost_free(host);
  return status == CLXS_OK ? 0 : 1;
}
