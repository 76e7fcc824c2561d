/* SPDX-License-Identifier: Apache-2.0 */
/* Text into SQL, safely. Every name and literal that goes into a statement comes through here. */
#ifndef CLXS_KIT_SQLTEXT_QUOTE_H
#define CLXS_KIT_SQLTEXT_QUOTE_H

#include <stddef.h>

struct buf;

/* `name`, inner back-ticks doubled. */
void sql_add_name(struct buf *buf, const char *name);
/* `a`.`b`.`c` of COUNT parts. */
void sql_add_names(struct buf *buf, const char *const *parts, size_t count);
/* 'text' with \' and \\ (never doubled quotes: older runtimes lose them); NULL gives NULL. */
void sql_add_literal(struct buf *buf, const char *text);

#endif
