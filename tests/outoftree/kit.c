/* SPDX-License-Identifier: Apache-2.0 */
/* The kit from outside: includes and links by what is installed. */
#include <base/arena.h>
#include <base/buf.h>
#include <kit/sqltext/quote.h>
#include <stdio.h>

int
main(void)
{
  struct buf out = BUF_INIT(BUF_SQL);

  sql_add_name(&out, "a`b");
  puts(out.data);
  buf_free(&out);
  return 0;
}
