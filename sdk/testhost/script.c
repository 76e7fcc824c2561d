/* SPDX-License-Identifier: Apache-2.0 */
/* Rules and the record of what was sent. It must not know what an answer looks like. */
#include "base/str.h"
#include "testhost/internal.h"

#include "base/banned.h"

bool
th_match(const char *pattern, const char *text)
{
  const char *star = NULL, *resume = NULL;

  while (*text) {
    if (*pattern == '*') {
      star = ++pattern;
      resume = text;
    } else if (*pattern == *text) {
      pattern++;
      text++;
    } else if (star) {
      pattern = star;
      text = ++resume;
    } else {
      return false;
    }
  }
  while (*pattern == '*')
    pattern++;
  return !*pattern;
}

static struct testhost_rule *
rule_add(struct testhost *host, int kind, const char *pattern)
{
  struct testhost_rule *rule;

  pthread_mutex_lock(&host->lock);
  rule = arena_alloc(host->arena, sizeof *rule);
  rule->host = host;
  rule->kind = kind;
  rule->pattern = arena_strdup(host->arena, pattern);
  rule->older = host->rules;
  host->rules = rule;
  pthread_mutex_unlock(&host->lock);
  return rule;
}

static const char *
keep(struct testhost *host, const char *text)
{
  const char *copy;

  pthread_mutex_lock(&host->lock);
  copy = arena_strdup(host->arena, text);
  pthread_mutex_unlock(&host->lock);
  return copy;
}

struct testhost_rule *
testhost_sql(struct testhost *host, const char *pattern, const char *rows)
{
  const char *body = keep(host, rows);
  struct testhost_rule *rule = rule_add(host, TESTHOST_SQL, pattern);

  rule->body = body;
  return rule;
}

struct testhost_rule *
testhost_sql_error(struct testhost *host, const char *pattern, clxs_status status, const char *error_class,
                   const char *message)
{
  struct testhost_rule *rule = rule_add(host, TESTHOST_SQL, pattern);

  rule->status = status;
  rule->error_class = keep(host, error_class);
  rule->message = keep(host, message);
  return rule;
}

/* A request of KIND gets one whole answer. */
static struct testhost_rule *
add_answer(struct testhost *host, int kind, const char *pattern, int32_t http_status, const char *body)
{
  struct testhost_rule *rule = rule_add(host, kind, pattern);

  rule->http_status = http_status;
  rule->body = keep(host, body);
  return rule;
}

struct testhost_rule *
testhost_rest(struct testhost *host, const char *pattern, int32_t http_status, const char *body)
{
  return add_answer(host, TESTHOST_REST, pattern, http_status, body);
}

struct testhost_rule *
testhost_http(struct testhost *host, const char *pattern, int32_t http_status, const char *body)
{
  return add_answer(host, TESTHOST_HTTP, pattern, http_status, body);
}

struct testhost_rule *
testhost_rest_pages(struct testhost *host, const char *pattern, const char *const *pages, size_t count)
{
  struct testhost_rule *rule = rule_add(host, TESTHOST_REST, pattern);
  const char **copies;

  pthread_mutex_lock(&host->lock);
  copies = arena_array(host->arena, count, sizeof *copies);
  for (size_t i = 0; i < count; i++)
    copies[i] = arena_strdup(host->arena, pages[i]);
  pthread_mutex_unlock(&host->lock);
  rule->http_status = 200;
  rule->pages = copies;
  rule->page_count = count;
  return rule;
}

struct testhost_rule *
testhost_invoke(struct testhost *host, const char *pattern, clxs_status status, const char *result)
{
  struct testhost_rule *rule = rule_add(host, TESTHOST_INVOKE, pattern);

  rule->status = status;
  rule->body = keep(host, result);
  return rule;
}

struct testhost_rule *
testhost_rule_times(struct testhost_rule *rule, unsigned count)
{
  rule->times = count;
  return rule;
}

struct testhost_rule *
testhost_rule_do(struct testhost_rule *rule,
                 void (*action)(struct testhost *host, const char *text, void *data), void *data)
{
  rule->action = action;
  rule->data = data;
  return rule;
}

unsigned
testhost_rule_hits(const struct testhost_rule *rule)
{
  unsigned hits;

  pthread_mutex_lock(&rule->host->lock);
  hits = rule->hits;
  pthread_mutex_unlock(&rule->host->lock);
  return hits;
}

struct testhost_sent *
th_sent_begin(struct testhost *host, int kind, const char *text, struct testhost_rule **found)
{
  struct testhost_sent *sent;
  struct testhost_rule *rule;

  pthread_mutex_lock(&host->lock);
  sent = arena_alloc(host->arena, sizeof *sent);
  sent->kind = kind;
  sent->text = arena_strdup(host->arena, text);
  sent->ended = host->ended;
  *VEC_ADD(&host->sent) = sent;
  if (++host->under_way > host->peak) host->peak = host->under_way;
  for (rule = host->rules; rule; rule = rule->older)
    if (rule->kind == kind && (!rule->times || rule->hits < rule->times) && th_match(rule->pattern, text))
      break;
  if (rule) rule->hits++;
  pthread_mutex_unlock(&host->lock);
  if (rule && rule->action) rule->action(host, text, rule->data);
  *found = rule;
  return sent;
}

void
th_sent_end(struct testhost *host, struct testhost_sent *sent, clxs_status status)
{
  pthread_mutex_lock(&host->lock);
  sent->status = status;
  host->ended++;
  host->under_way--;
  pthread_mutex_unlock(&host->lock);
}
