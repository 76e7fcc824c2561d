/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the search plugin share. */
#ifndef CLXS_PLUGINS_SEARCH_H
#define CLXS_PLUGINS_SEARCH_H

#include <clxs/clxs.h>

#include "base/arena.h"
#include "base/vec.h"
#include "kit/model/pattern.h"

struct model_catalog;

/* Where to look. */
#define SEARCH_NAME 1u
#define SEARCH_COMMENT 2u
#define SEARCH_DEFINITION 4u
#define SEARCH_TAG 8u
#define SEARCH_PROPERTY 16u
#define SEARCH_OWNER 32u
#define SEARCH_LOCATION 64u

/* What to find. */
#define SEARCH_CATALOGS 1u
#define SEARCH_SCHEMAS 2u
#define SEARCH_TABLES 4u
#define SEARCH_VIEWS 8u
#define SEARCH_FUNCTIONS 16u
#define SEARCH_VOLUMES 32u
#define SEARCH_COLUMNS 64u

struct search_match {
  const char *kind, *name; /* "column", "prod.sales.orders.email" */
  const char *field;       /* "comment" */
  const char *text;        /* the whole text, and where in it */
  struct pattern_place place;
};

struct search {
  struct clxs_call *call;
  struct arena *arena; /* of the matches */
  struct pattern pattern;
  const char *text;       /* of the pattern */
  unsigned fields, kinds; /* SEARCH_ */
  size_t catalogs;        /* searched so far */
  VEC(struct search_match) matches;
};

/* walk.c: add what is found in MODEL, in its order. */
void search_catalog(struct search *search, const struct model_catalog *model);

/* report.c: every match. */
clxs_status search_report(struct search *search);

#endif
