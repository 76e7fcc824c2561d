/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides into memory, and not more of them than is compared. It must not know how they are compared. */
#include "diff.h"
#include "kit/model/details.h"

#include "base/banned.h"

/* What has to be read beside the listings, and for which fields. */
static const struct {
  uint32_t detail;
  enum delta_field field; /* that is missed without it */
  uint64_t fields;
} details[] = {
    {MODEL_TAGS, DELTA_TAGS, DELTA_BIT(DELTA_TAGS)},
    {MODEL_KEYS, DELTA_PRIMARY_KEY,
     DELTA_BIT(DELTA_PRIMARY_KEY) | DELTA_BIT(DELTA_FOREIGN_KEY) | DELTA_BIT(DELTA_UNIQUE)},
    {MODEL_GRANTS, DELTA_GRANTS, DELTA_BIT(DELTA_GRANTS)},
};

/* What a side does not tell cannot be compared, and is not "none". */
static void
note_uncovered(struct diff *diff)
{
  for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
    if ((diff->options.ignore & details[i].fields) == details[i].fields) continue;
    for (size_t side = 0; side < 2; side++) {
      if (diff->sides[side].covers & details[i].detail) continue;
      *VEC_ADD(&diff->delta.unknowns) = (struct delta_unknown){
          .kind = DELTA_CATALOG,
          .side = side ? DELTA_IN_DEST : DELTA_IN_SOURCE,
          .field = details[i].field,
          .name = diff->sides[side].model->item.name,
          .reason = "the snapshot was taken without them; --ignore leaves them out here, too"};
      diff->options.ignore |= details[i].fields;
    }
  }
}

const char *
diff_side_label(const struct diff *diff, int side)
{
  return side_is_file(diff->sides[side].name) ? diff->sides[side].name : diff->sides[side].model->item.name;
}

clxs_status
diff_read_sides(struct diff *diff)
{
  uint32_t which = 0;
  clxs_status status;

  for (size_t i = 0; i < sizeof details / sizeof *details; i++)
    if ((diff->options.ignore & details[i].fields) != details[i].fields) which |= details[i].detail;
  status = sides_read(diff->call, diff->sides, 2, diff->filter, which, diff->width);
  if (status >= 0) note_uncovered(diff);
  return status;
}
