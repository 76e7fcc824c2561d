/* SPDX-License-Identifier: Apache-2.0 */
/* Inside sqltext: the cursor over the tokens that carry meaning, names as they are read, scopes of queries,
 * and what has been found so far. The parser wants positions of names, not a tree: it accepts more than SQL
 * and never fails. */
#ifndef CLXS_KIT_SQLTEXT_PARSE_H
#define CLXS_KIT_SQLTEXT_PARSE_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "kit/sqltext/refs.h"
#include "kit/sqltext/token.h"

/* A name of any length. Parts are in the arena. */
struct part {
  const char *value; /* NULL: only known at run time */
  struct sqltext_spot spot;
};

struct name {
  struct part *parts;
  size_t count;
  size_t start, end; /* bytes of the whole text */
  bool glued;        /* a part is put together from pieces, such as a-b or ${x}_b */
  bool star;         /* .* follows */
  bool variable;     /* starts with a substitution */
};

/* A relation in a FROM clause (or the target of DML), as names in expressions see it. */
struct source {
  const struct name *name; /* NULL for a subquery */
  const char *alias;       /* NULL where it has none */
};

/* What the names in one query block, or in one lambda, can mean; PARENT is looked at next. */
struct scope {
  struct scope *parent;
  VEC(struct source) sources;
  VEC(const char *) lambda;
};

/* Common table expressions in sight. */
struct with {
  struct with *parent;
  const char *name;
};

/* A name in an expression, to be looked up once its scope is complete. */
struct pending {
  struct name *name;
  struct scope *scope;
};

/* All that is found in one text, whatever languages are nested in it. */
struct findings {
  struct arena *arena;
  const char *text; /* the whole text */
  size_t length;
  const char *from; /* the catalog in question, or NULL */
  VEC(struct sqltext_reference) references;
  VEC(struct sqltext_report) reports;
  VEC(struct scope *) scopes; /* to be freed */
};

struct parse {
  struct findings *found;
  struct sql_tokens tokens; /* of a piece of the text */
  size_t origin;            /* where that piece starts */
  size_t *sense;            /* indexes of the tokens that are no space, comment or hint; then the end's */
  size_t count, at;         /* how many; where the cursor stands */
  bool hint;                /* the piece is a hint: names in it are looked up like columns */
  const char *stop;         /* a word that ends the expression or query being read, or NULL */
  unsigned depth;           /* of recursion */
  struct with *with;
  VEC(struct pending) pendings;
};

#define PARSE_DEPTH 300

/* Read LENGTH bytes at ORIGIN of the whole text as statements (or, for EXPRESSION, as one expression, and for
 * RELATION as a relation's name or a query). */
enum parse_what { PARSE_STATEMENTS, PARSE_EXPRESSION, PARSE_RELATION };
void parse_text(struct findings *found, size_t origin, size_t length, enum parse_what what);
/* The same for TEXT, which is what stands at ORIGIN with some bytes blanked. */
void parse_piece(struct findings *found, const char *text, size_t origin, size_t length,
                 enum parse_what what);
/* Cut LENGTH bytes of TEXT into PARSE, whose origin is set; give back what the cursor holds. */
void parse_open(struct parse *parse, const char *text, size_t length);
void parse_close(struct parse *parse);

/* cursor.c: AHEAD counts meaningful tokens from the cursor. */
const struct sql_token *peek(const struct parse *parse, size_t ahead);
bool is(const struct parse *parse, size_t ahead, const char *word);
bool is_any(const struct parse *parse, size_t ahead, const char *const *words);
/* Step over the word if it is here. */
bool skip_word(struct parse *parse, const char *word);
bool skip_words(struct parse *parse, const char *first, const char *second);
bool at_end(const struct parse *parse);
/* A name can start here: a word, a quoted name, a substitution. Keywords can too. */
bool at_name(const struct parse *parse, size_t ahead);
/* The two tokens have nothing between them. */
bool is_adjacent(const struct parse *parse, size_t ahead);
/* The token AHEAD is '(' and opens a query. */
bool opens_query(const struct parse *parse, size_t ahead);
bool starts_query(const struct parse *parse, size_t ahead);
/* Where the token AHEAD starts in the whole text. */
size_t offset_at(const struct parse *parse, size_t ahead);
/* Behind the last token that the cursor stepped over (there must be one). */
size_t offset_behind(const struct parse *parse);
const char *value_at(const struct parse *parse, size_t ahead);
/* Step behind the closing mark of the group that opens here, looking at nothing but strings in it. */
void skip_group(struct parse *parse);

/* name.c */
struct name *read_name(struct parse *parse);
/* The parts that VALUE of a literal at token AHEAD (meaningful) spells, or NULL when it is no name. */
struct name *read_literal_name(struct parse *parse, size_t ahead);
bool name_part_is(const struct name *name, size_t index, const char *value);

/* found.c: what is found. */
void note_name(struct parse *parse, enum sqltext_kind kind, const struct name *name);
/* Report LENGTH bytes at START of the whole text. */
void note_doubt(struct findings *found, size_t start, size_t length, const char *reason);
/* Report the name, or the token AHEAD. */
void doubt_name(struct parse *parse, const struct name *name, const char *reason);
void doubt_token(struct parse *parse, size_t ahead, const char *reason);
/* A name in an expression. */
void note_pending(struct parse *parse, struct name *name, struct scope *scope);

/* scope.c */
struct scope *scope_new(struct parse *parse, struct scope *parent);
void scope_add(struct scope *scope, const struct name *name, const char *alias);
void scope_resolve(struct parse *parse);

/* literal.c: strings, and texts that nobody here can read for certain. */
void note_string(struct parse *parse, size_t ahead);
/* TEXT could name the catalog FROM. */
bool mentions(struct arena *arena, const char *text, size_t length, const char *from);
/* A string's value with, for each of its bytes, where the byte (or its escape) starts and ends in the token.
 */
struct literal {
  const char *value;
  size_t length;
  size_t *starts, *ends;
};
void literal_read(struct arena *arena, const struct sql_tokens *tokens, size_t index,
                  struct literal *literal);

/* expr.c */
/* How far an expression goes. A closing bracket, a semicolon and the text's end always end it. */
#define EXPR_CLAUSE 1U /* ... and the words that start a query's next clause */
#define EXPR_COMMA 2U  /* ... and a comma */
void read_expression(struct parse *parse, struct scope *scope, unsigned how);
/* One operand with operators and further operands: a version or timestamp to travel to. */
void read_operand(struct parse *parse, struct scope *scope);
/* From '(' behind ')': a subquery or expressions. */
void read_group(struct parse *parse, struct scope *scope);
/* A function's arguments, from '('. NAME may be NULL. */
void read_arguments(struct parse *parse, const struct name *name, struct scope *scope);

/* clause.c: where a query's next clause begins. */
bool at_clause(const struct parse *parse);
bool at_set_operator(const struct parse *parse);
bool at_join(const struct parse *parse);
/* Behind UNION ALL, INTERSECT and so on, in front of the next query. */
void skip_set_operator(struct parse *parse);

/* query.c */
void read_query(struct parse *parse, struct scope *outer);

/* relation.c */
/* A list of relations as in FROM, with their joins. */
void read_relations(struct parse *parse, struct scope *scope);
void read_joins(struct parse *parse, struct scope *scope);
/* One relation with everything that may follow it but joins. */
void read_relation(struct parse *parse, struct scope *scope);
/* A relation's name with time travel and alias, added to SCOPE: the target of DML. False where no name is. */
bool read_target(struct parse *parse, struct scope *scope);
/* A name where an object's name stands: a hyphen in it is a mistake, not a minus. */
struct name *read_object_name(struct parse *parse);
void read_lateral_view(struct parse *parse, struct scope *scope);
void read_with(struct parse *parse, struct scope *outer);
void read_hint(struct parse *parse, struct scope *scope);

/* statement.c, ddl.c, utility.c, script.c, securable.c */
void read_statements(struct parse *parse);
void read_statement(struct parse *parse);
bool read_dml(struct parse *parse);
bool read_ddl(struct parse *parse);
bool read_utility(struct parse *parse);
bool read_script(struct parse *parse);
/* To the statement's end, looking at nothing but strings. */
void skip_rest(struct parse *parse);
/* What follows a name in DDL: clauses with queries, functions, relations in them, to the statement's end. */
void read_tail(struct parse *parse, struct scope *scope, enum sqltext_kind renamed);
/* Words that say what kind of securable follows, such as MATERIALIZED VIEW. False, and nothing read, for
 * others. */
bool read_kind(struct parse *parse, enum sqltext_kind *kind);
/* A name of KIND here; false where there is none. */
bool read_named(struct parse *parse, enum sqltext_kind kind, struct name **name);

/* ON, the kind and the name, wherever ON comes in the statement. */
void read_on(struct parse *parse);

/* yaml.c, python.c: LENGTH bytes at ORIGIN of the whole text. */
void read_yaml(struct findings *found, size_t origin, size_t length);
void read_python(struct findings *found, size_t origin, size_t length);

#endif
