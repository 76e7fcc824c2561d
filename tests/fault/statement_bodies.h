/* SPDX-License-Identifier: Apache-2.0 */
/* The paths and answers of the Statement Execution API as the tests' server gives them, for a statement "s1".
 */
#ifndef CLXS_TESTS_STATEMENT_BODIES_H
#define CLXS_TESTS_STATEMENT_BODIES_H

#define SUBMIT "POST /api/2.0/sql/statements"
#define POLL "GET /api/2.0/sql/statements/s1"
#define CANCEL "POST /api/2.0/sql/statements/s1/cancel"
#define CHUNK(n) "GET /api/2.0/sql/statements/s1/result/chunks/" #n

#define STATE(state) "{\"statement_id\":\"s1\",\"status\":{\"state\":\"" state "\"}}"
#define TWO_COLUMNS                                                                                   \
  "\"schema\":{\"column_count\":2,\"columns\":["                                                      \
  "{\"name\":\"id\",\"position\":0,\"type_name\":\"DECIMAL\",\"type_text\":\"decimal(10,2)\",\"type_" \
  "precision\":10,"                                                                                   \
  "\"type_scale\":\"2\"},{\"name\":\"v\",\"position\":1,\"type_text\":\"variant\"}]}"
#define DONE(more, result)                                                                         \
  "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":{\"format\":\"JSON_" \
  "ARRAY\"," TWO_COLUMNS more "},\"result\":" result "}"
#define FAILED(code, message)                                                                   \
  "{\"statement_id\":\"s1\",\"status\":{\"state\":\"FAILED\",\"error\":{\"error_code\":\"" code \
  "\",\"message\":\"" message "\"}}}"

#endif
