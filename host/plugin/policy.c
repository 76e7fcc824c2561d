/* SPDX-License-Identifier: Apache-2.0 */
/* The site policy: a small YAML file of fixed shape, read by libcyaml. It must not know the search path. */
#include "plugin/policy.h"

#include <cyaml/cyaml.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/sha256.h"
#include "base/str.h"
#include "plugin/trust.h"

#include "base/banned.h"

#define POLICY_MAX ((size_t)1 << 20)
#define LIBRARY_MAX ((size_t)256 << 20)

/* The file as libcyaml fills it. */
struct pin_file {
  char *id, *sha256;
};
struct policy_file {
  int *user_plugins, *only_pinned;
  struct pin_file *pins;
  unsigned pins_count;
};

static const cyaml_schema_field_t pin_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct pin_file, id, 1, 100),
    CYAML_FIELD_STRING_PTR("sha256", CYAML_FLAG_POINTER, struct pin_file, sha256, 64, 64),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t pin_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct pin_file, pin_fields),
};
/* libcyaml's own boolean takes any unknown word for true. */
static const cyaml_strval_t truths[] = {{"false", false}, {"no", false}, {"true", true}, {"yes", true}};
static const cyaml_schema_field_t policy_fields[] = {
    CYAML_FIELD_ENUM_PTR("user_plugins", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT,
                         struct policy_file, user_plugins, truths, CYAML_ARRAY_LEN(truths)),
    CYAML_FIELD_ENUM_PTR("only_pinned", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT,
                         struct policy_file, only_pinned, truths, CYAML_ARRAY_LEN(truths)),
    CYAML_FIELD_SEQUENCE("pins", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct policy_file, pins,
                         &pin_schema, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t policy_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy_file, policy_fields),
};

/* libcyaml says what is wrong in its log, the first line most exactly. */
struct first_message {
  char text[256];
};

static void keep_first(cyaml_log_t level, void *data, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void
keep_first(cyaml_log_t level, void *data, const char *format, va_list args)
{
  struct first_message *first = data;

  if (level < CYAML_LOG_ERROR || first->text[0]) return;
  vsnprintf(first->text, sizeof first->text, format, args);
  first->text[strcspn(first->text, "\n")] = '\0';
}

static bool
is_sha256(const char *text)
{
  return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static clxs_status
take_policy(struct arena *arena, const char *file, const struct policy_file *from, struct policy *policy,
            struct err *err)
{
  struct policy_pin *pins = arena_array(arena, from->pins_count + 1, sizeof *pins);

  if (from->user_plugins) policy->user_plugins = *from->user_plugins != 0;
  if (from->only_pinned) policy->only_pinned = *from->only_pinned != 0;
  for (unsigned i = 0; i < from->pins_count; i++) {
    if (!is_sha256(from->pins[i].sha256))
      return err_set(err, CLXS_E_CONFIG, "%s: the sha256 of %s is not 64 lower-case hexadecimal digits", file,
                     from->pins[i].id);
    pins[i].id = arena_strdup(arena, from->pins[i].id);
    pins[i].sha256 = arena_strdup(arena, from->pins[i].sha256);
  }
  policy->pins = pins;
  policy->pin_count = from->pins_count;
  return CLXS_OK;
}

static clxs_status
parse_policy(struct arena *arena, const char *file, const char *text, size_t length, struct policy *policy,
             struct err *err)
{
  struct first_message first = {""};
  const cyaml_config_t config = {
      .log_fn = keep_first, .log_ctx = &first, .log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem};
  struct policy_file *from = NULL;
  clxs_status status;
  cyaml_err_t code;

  if (length == 0) return CLXS_OK;
  code =
      cyaml_load_data((const uint8_t *)text, length, &config, &policy_schema, (cyaml_data_t **)&from, NULL);
  if (code != CYAML_OK)
    return err_set(err, CLXS_E_CONFIG, "%s: %s", file, first.text[0] ? first.text : cyaml_strerror(code));
  status = from ? take_policy(arena, file, from, policy, err) : CLXS_OK;
  cyaml_free(&config, &policy_schema, from, 0);
  return status;
}

clxs_status
policy_read(struct arena *arena, const char *file, struct policy *policy, struct err *err)
{
  const char *real;
  char *text;
  size_t length;
  clxs_status status;

  *policy = (struct policy){.user_plugins = true};
  if (!file) file = CLXS_POLICY_FILE;
  if (!path_exists(file)) return CLXS_OK;
  status = trust_path(arena, file, &real, err);
  if (status == CLXS_OK) status = path_read(arena, real, POLICY_MAX, &text, &length, err);
  if (status == CLXS_OK) status = parse_policy(arena, file, text, length, policy, err);
  if (status == CLXS_OK) return CLXS_OK;
  err_set(err, CLXS_E_CONFIG, "the site policy cannot be applied");
  err_hint(err, "no plugin is loaded until an administrator has mended %s", file);
  return CLXS_E_CONFIG;
}

clxs_status
policy_allows(struct arena *arena, const struct policy *policy, const char *id, const char *path,
              struct err *err)
{
  char digest[65];
  char *bytes;
  size_t length;
  bool pinned = false;
  clxs_status status;

  if (!policy->only_pinned && policy->pin_count == 0) return CLXS_OK;
  digest[0] = '\0';
  for (unsigned i = 0; i < policy->pin_count; i++) {
    if (!str_eq(policy->pins[i].id, id)) continue;
    pinned = true;
    if (!digest[0]) {
      status = path_read(arena, path, LIBRARY_MAX, &bytes, &length, err);
      if (status != CLXS_OK) return status;
      sha256_hex(bytes, length, digest);
    }
    if (str_eq(policy->pins[i].sha256, digest)) return CLXS_OK;
  }
  if (!pinned && !policy->only_pinned) return CLXS_OK;
  if (pinned)
    err_set(err, CLXS_E_CONFIG, "%s has the SHA-256 %s, which the site policy does not pin for %s", path,
            digest, id);
  else
    err_set(err, CLXS_E_CONFIG, "the site policy allows only pinned plugins, and %s is not pinned", id);
  err_hint(err, "ask the administrator of this machine");
  return CLXS_E_CONFIG;
}
