/* SPDX-License-Identifier: Apache-2.0 */
/* Two texts line by line: the longest common subsequence, by the table, behind a common head and in front of
 * a common tail. It must not know what the texts are. */
#include "base/cleanup.h"
#include "base/str.h"
#include "diff.h"

#include "base/banned.h"

/* Beyond this many cells the middle counts as changed altogether. */
#define MOST_CELLS ((size_t)4 << 20)

struct lines {
  const char **at;
  size_t count;
};

/* What becomes of each line, in order. */
struct step {
  enum line_change change;
  const char *text;
};

typedef VEC(struct step) step_list;

/* LENGTH bytes without blanks at either end and with single ones between: how a line is indented says
 * nothing.
 */
static const char *
squeeze(struct arena *arena, const char *text, size_t length)
{
  char *line = arena_strndup(arena, text, length), *end = line;

  for (size_t i = 0; i < length; i++) {
    bool blank = text[i] == ' ' || text[i] == '\t' || text[i] == '\r';

    if (!blank)
      *end++ = text[i];
    else if (end > line && end[-1] != ' ')
      *end++ = ' ';
  }
  if (end > line && end[-1] == ' ') end--;
  *end = '\0';
  return line;
}

static struct lines
split(struct arena *arena, const char *text, bool squeezed)
{
  VEC(const char *) list = {0};
  struct lines lines;

  while (*text) {
    size_t length = strcspn(text, "\n"), shown = length;

    if (shown && text[shown - 1] == '\r') shown--;
    *VEC_ADD(&list) = squeezed ? squeeze(arena, text, shown) : arena_strndup(arena, text, shown);
    text += length + (text[length] == '\n');
  }
  lines.count = list.count;
  lines.at = arena_array(arena, list.count + 1, sizeof *lines.at);
  if (list.count) memcpy(lines.at, list.at, list.count * sizeof *lines.at);
  VEC_FREE(&list);
  return lines;
}

static void
add(step_list *steps, enum line_change change, const char *text)
{
  *VEC_ADD(steps) = (struct step){change, text};
}

static void
add_all(step_list *steps, enum line_change change, const struct lines *lines, size_t from, size_t to)
{
  for (; from < to; from++)
    add(steps, change, lines->at[from]);
}

/* Lines FROM[0]..TO[0] of A against FROM[1]..TO[1] of B, whose keys say which are equal. */
static void
add_middle(step_list *steps, const struct lines texts[2], const struct lines keys[2], const size_t from[2],
           const size_t to[2])
{
  size_t rows = to[0] - from[0], columns = to[1] - from[1], width = columns + 1, i = 0, k = 0;

  if (!rows || !columns || rows > MOST_CELLS / width) {
    add_all(steps, LINE_REMOVED, &texts[0], from[0], to[0]);
    add_all(steps, LINE_ADDED, &texts[1], from[1], to[1]);
    return;
  }
  CLEANUP_FREE uint32_t *common = xcalloc((rows + 1) * width, sizeof *common);

  for (size_t row = rows; row-- > 0;)
    for (size_t column = columns; column-- > 0;) {
      uint32_t below = common[(row + 1) * width + column], right = common[row * width + column + 1];

      common[row * width + column] = str_eq(keys[0].at[from[0] + row], keys[1].at[from[1] + column])
                                         ? common[(row + 1) * width + column + 1] + 1
                                     : below > right ? below
                                                     : right;
    }
  while (i < rows && k < columns) {
    if (str_eq(keys[0].at[from[0] + i], keys[1].at[from[1] + k])) {
      add(steps, LINE_SAME, texts[0].at[from[0] + i++]);
      k++;
    } else if (common[(i + 1) * width + k] >= common[i * width + k + 1]) {
      add(steps, LINE_REMOVED, texts[0].at[from[0] + i++]);
    } else {
      add(steps, LINE_ADDED, texts[1].at[from[1] + k++]);
    }
  }
  add_all(steps, LINE_REMOVED, &texts[0], from[0] + i, to[0]);
  add_all(steps, LINE_ADDED, &texts[1], from[1] + k, to[1]);
}

static bool
is_near_change(const step_list *steps, size_t index, size_t context)
{
  size_t from = index > context ? index - context : 0;

  for (size_t i = from; i < steps->count && i <= index + context; i++)
    if (steps->at[i].change != LINE_SAME) return true;
  return false;
}

void
lines_compare(struct arena *arena, const char *a, const char *key_a, const char *b, const char *key_b,
              size_t context, void (*each)(void *data, enum line_change change, const char *line), void *data)
{
  const struct lines texts[2] = {split(arena, a, false), split(arena, b, false)};
  struct lines keys[2] = {split(arena, key_a, true), split(arena, key_b, true)};
  size_t from[2] = {0, 0}, to[2] = {texts[0].count, texts[1].count};
  step_list steps = {0};
  bool shown = true;

  for (size_t side = 0; side < 2; side++)
    if (keys[side].count != texts[side].count) keys[side] = texts[side];
  while (from[0] < to[0] && from[0] < to[1] && str_eq(keys[0].at[from[0]], keys[1].at[from[0]]))
    from[0]++;
  from[1] = from[0];
  while (to[0] > from[0] && to[1] > from[1] && str_eq(keys[0].at[to[0] - 1], keys[1].at[to[1] - 1]))
    to[0]--, to[1]--;
  add_all(&steps, LINE_SAME, &texts[0], 0, from[0]);
  add_middle(&steps, texts, keys, from, to);
  add_all(&steps, LINE_SAME, &texts[0], to[0], texts[0].count);
  for (size_t i = 0; i < steps.count; i++) {
    bool near = is_near_change(&steps, i, context);

    if (near)
      each(data, steps.at[i].change, steps.at[i].text);
    else if (shown)
      each(data, LINE_GAP, "");
    shown = near;
  }
  VEC_FREE(&steps);
}
