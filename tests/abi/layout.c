/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of every public structure, as text: a change shows in review as a change of layout.golden. Lines
 * may only be added at the end of a structure; anything else is a break. scripts/abi-bless writes the golden
 * text anew. */
#include <clxs/cap/clone.h>
#include <clxs/cap/diff.h>
#include <clxs/cap/iac.h>
#include <clxs/cap/workspace.h>
#include <clxs/clxs.h>
#include <stdio.h>

#define STRUCT(name) printf("struct %s, size %zu\n", #name, sizeof(struct name))
#define MEMBER(name, member)                                                \
  printf("  %s at %zu, size %zu\n", #member, offsetof(struct name, member), \
         sizeof(((struct name *)0)->member))
#define NUMBER(name) printf("%s %lld\n", #name, (long long)(name))

static void
numbers(void)
{
  NUMBER(CLXS_ABI_MAGIC);
  NUMBER(CLXS_ABI_MAJOR);
  NUMBER(CLXS_ABI_MINOR);
  NUMBER(CLXS_OK);
  NUMBER(CLXS_DIFFERENT);
  NUMBER(CLXS_E_INTERNAL);
  NUMBER(CLXS_E_USAGE);
  NUMBER(CLXS_E_CONFIG);
  NUMBER(CLXS_E_AUTH);
  NUMBER(CLXS_E_DENIED);
  NUMBER(CLXS_E_NOT_FOUND);
  NUMBER(CLXS_E_EXISTS);
  NUMBER(CLXS_E_INVALID);
  NUMBER(CLXS_E_CONFLICT);
  NUMBER(CLXS_E_UNSUPPORTED);
  NUMBER(CLXS_E_LIMIT);
  NUMBER(CLXS_E_UNAVAILABLE);
  NUMBER(CLXS_E_TIMEOUT);
  NUMBER(CLXS_E_CANCELLED);
  NUMBER(CLXS_E_PARTIAL);
  NUMBER(CLXS_E_LOST);
  NUMBER(CLXS_E_IO);
  NUMBER(CLXS_E_DATA);
  NUMBER(CLXS_E_ABI);
  NUMBER(CLXS_LOG_ERROR);
  NUMBER(CLXS_LOG_WARN);
  NUMBER(CLXS_LOG_INFO);
  NUMBER(CLXS_LOG_DEBUG);
  NUMBER(CLXS_DIR_STATE);
  NUMBER(CLXS_DIR_CACHE);
  NUMBER(CLXS_DIR_CONFIG);
  NUMBER(CLXS_DIR_DATA);
  NUMBER(CLXS_FORMAT_TEXT);
  NUMBER(CLXS_FORMAT_JSON);
  NUMBER(CLXS_FORMAT_YAML);
  NUMBER(CLXS_FORMAT_CSV);
  NUMBER(CLXS_ALIGN_LEFT);
  NUMBER(CLXS_ALIGN_RIGHT);
  NUMBER(CLXS_REST_IDEMPOTENT);
  NUMBER(CLXS_SQL_MUTATES);
  NUMBER(CLXS_SQL_IDEMPOTENT);
}

static void
structs_0(void)
{
  STRUCT(clxs_abi);
  MEMBER(clxs_abi, magic);
  MEMBER(clxs_abi, major);
  MEMBER(clxs_abi, minor);
  MEMBER(clxs_abi, target);
  MEMBER(clxs_abi, zero);
  STRUCT(clxs_call);
  MEMBER(clxs_call, size);
  MEMBER(clxs_call, core);
  STRUCT(clxs_error);
  MEMBER(clxs_error, size);
  MEMBER(clxs_error, status);
  MEMBER(clxs_error, message);
  MEMBER(clxs_error, hint);
  MEMBER(clxs_error, error_class);
  MEMBER(clxs_error, sql_state);
  MEMBER(clxs_error, statement_id);
  MEMBER(clxs_error, request_id);
  MEMBER(clxs_error, http_status);
  MEMBER(clxs_error, retry_after_ms);
  STRUCT(clxs_capability);
  MEMBER(clxs_capability, table);
  MEMBER(clxs_capability, state);
  STRUCT(clxs_core);
  MEMBER(clxs_core, size);
  MEMBER(clxs_core, abi_major);
  MEMBER(clxs_core, abi_minor);
  MEMBER(clxs_core, service);
  MEMBER(clxs_core, capability);
  MEMBER(clxs_core, arg_count);
  MEMBER(clxs_core, arg_text);
  MEMBER(clxs_core, arg_int);
  MEMBER(clxs_core, fail);
  MEMBER(clxs_core, error);
  MEMBER(clxs_core, error_clear);
  MEMBER(clxs_core, log);
  MEMBER(clxs_core, cancelled);
  MEMBER(clxs_core, wait);
  MEMBER(clxs_core, now_ms);
  MEMBER(clxs_core, mono_ms);
  MEMBER(clxs_core, alloc);
  MEMBER(clxs_core, scope_begin);
  MEMBER(clxs_core, scope_end);
  MEMBER(clxs_core, arg_record);
  MEMBER(clxs_core, arg_adopt);
  STRUCT(clxs_command);
  MEMBER(clxs_command, size);
  MEMBER(clxs_command, name);
  MEMBER(clxs_command, run);
  MEMBER(clxs_command, complete);
}

static void
structs_1(void)
{
  STRUCT(clxs_provider);
  MEMBER(clxs_provider, size);
  MEMBER(clxs_provider, id);
  MEMBER(clxs_provider, table);
  STRUCT(clxs_plugin);
  MEMBER(clxs_plugin, size);
  MEMBER(clxs_plugin, abi);
  MEMBER(clxs_plugin, id);
  MEMBER(clxs_plugin, version);
  MEMBER(clxs_plugin, grammar);
  MEMBER(clxs_plugin, commands);
  MEMBER(clxs_plugin, provides);
  MEMBER(clxs_plugin, init);
  MEMBER(clxs_plugin, fini);
  STRUCT(clxs_cache);
  MEMBER(clxs_cache, size);
  MEMBER(clxs_cache, get);
  MEMBER(clxs_cache, put);
  MEMBER(clxs_cache, drop);
  STRUCT(clxs_config);
  MEMBER(clxs_config, size);
  MEMBER(clxs_config, text);
  MEMBER(clxs_config, integer);
  MEMBER(clxs_config, origin);
  MEMBER(clxs_config, directory);
  MEMBER(clxs_config, host);
  STRUCT(clxs_events);
  MEMBER(clxs_events, size);
  MEMBER(clxs_events, emit);
  STRUCT(clxs_invoke);
  MEMBER(clxs_invoke, size);
  MEMBER(clxs_invoke, run);
  STRUCT(clxs_jobs);
  MEMBER(clxs_jobs, size);
  MEMBER(clxs_jobs, each);
  STRUCT(clxs_meta);
  MEMBER(clxs_meta, size);
  MEMBER(clxs_meta, list);
  MEMBER(clxs_meta, get);
  MEMBER(clxs_meta, invalidate);
  STRUCT(clxs_table_column);
  MEMBER(clxs_table_column, key);
  MEMBER(clxs_table_column, title);
  MEMBER(clxs_table_column, align);
  MEMBER(clxs_table_column, number);
}

static void
structs_2(void)
{
  STRUCT(clxs_output);
  MEMBER(clxs_output, size);
  MEMBER(clxs_output, format);
  MEMBER(clxs_output, raw);
  MEMBER(clxs_output, document);
  MEMBER(clxs_output, table_begin);
  MEMBER(clxs_output, table_row);
  MEMBER(clxs_output, table_end);
  MEMBER(clxs_output, text);
  MEMBER(clxs_output, progress);
  MEMBER(clxs_output, progress_end);
  MEMBER(clxs_output, confirm);
  MEMBER(clxs_output, colour);
  MEMBER(clxs_output, width);
  STRUCT(clxs_request);
  MEMBER(clxs_request, size);
  MEMBER(clxs_request, flags);
  MEMBER(clxs_request, method);
  MEMBER(clxs_request, path);
  MEMBER(clxs_request, query);
  MEMBER(clxs_request, body);
  MEMBER(clxs_request, purpose);
  MEMBER(clxs_request, workspace);
  MEMBER(clxs_request, timeout_ms);
  STRUCT(clxs_response);
  MEMBER(clxs_response, size);
  MEMBER(clxs_response, http_status);
  MEMBER(clxs_response, body);
  MEMBER(clxs_response, length);
  MEMBER(clxs_response, request_id);
  STRUCT(clxs_content);
  MEMBER(clxs_content, size);
  MEMBER(clxs_content, http_status);
  MEMBER(clxs_content, length);
  MEMBER(clxs_content, modified_ms);
  MEMBER(clxs_content, request_id);
  STRUCT(clxs_source);
  MEMBER(clxs_source, size);
  MEMBER(clxs_source, zero);
  MEMBER(clxs_source, length);
  MEMBER(clxs_source, read);
  MEMBER(clxs_source, restart);
  MEMBER(clxs_source, data);
  STRUCT(clxs_traffic);
  MEMBER(clxs_traffic, size);
  MEMBER(clxs_traffic, zero);
  MEMBER(clxs_traffic, sql);
  MEMBER(clxs_traffic, rest);
  MEMBER(clxs_traffic, retries);
  STRUCT(clxs_rest);
  MEMBER(clxs_rest, size);
  MEMBER(clxs_rest, send);
  MEMBER(clxs_rest, each);
  MEMBER(clxs_rest, traffic);
  MEMBER(clxs_rest, download);
  MEMBER(clxs_rest, read);
  MEMBER(clxs_rest, close);
  MEMBER(clxs_rest, upload);
  STRUCT(clxs_bind);
  MEMBER(clxs_bind, name);
  MEMBER(clxs_bind, type);
  MEMBER(clxs_bind, value);
}

static void
structs_3(void)
{
  STRUCT(clxs_column);
  MEMBER(clxs_column, name);
  MEMBER(clxs_column, type_name);
  MEMBER(clxs_column, type_text);
  MEMBER(clxs_column, precision);
  MEMBER(clxs_column, scale);
  STRUCT(clxs_statement);
  MEMBER(clxs_statement, size);
  MEMBER(clxs_statement, flags);
  MEMBER(clxs_statement, text);
  MEMBER(clxs_statement, catalog);
  MEMBER(clxs_statement, schema);
  MEMBER(clxs_statement, binds);
  MEMBER(clxs_statement, bind_count);
  MEMBER(clxs_statement, zero);
  MEMBER(clxs_statement, timeout_ms);
  MEMBER(clxs_statement, purpose);
  MEMBER(clxs_statement, workspace);
  STRUCT(clxs_sql);
  MEMBER(clxs_sql, size);
  MEMBER(clxs_sql, run);
  MEMBER(clxs_sql, column_count);
  MEMBER(clxs_sql, column);
  MEMBER(clxs_sql, next);
  MEMBER(clxs_sql, text);
  MEMBER(clxs_sql, statement_id);
  MEMBER(clxs_sql, close);
  STRUCT(clxs_cap_clone);
  MEMBER(clxs_cap_clone, size);
  MEMBER(clxs_cap_clone, run);
  STRUCT(clxs_cap_diff);
  MEMBER(clxs_cap_diff, size);
  MEMBER(clxs_cap_diff, run);
  STRUCT(clxs_cap_iac);
  MEMBER(clxs_cap_iac, size);
  MEMBER(clxs_cap_iac, format);
  MEMBER(clxs_cap_iac, write);
  STRUCT(clxs_cap_workspace);
  MEMBER(clxs_cap_workspace, size);
  MEMBER(clxs_cap_workspace, scheme);
  MEMBER(clxs_cap_workspace, open);
  MEMBER(clxs_cap_workspace, close);
}

int
main(void)
{
  numbers();
  structs_0();
  structs_1();
  structs_2();
  structs_3();
  return 0;
}
