/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filling HTML templates. They stand in data/templates, are checked and compiled at build time
 * (tools/templates.py tells their form), and every value that they put out is escaped: nothing in a
 * view model can become markup.
 */
#ifndef WEB_TEMPLATE_H
#define WEB_TEMPLATE_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/message.h"
#include "web/template_table.h"

/* The template of a name, or NULL. */
const struct template *template_find(const char *name);

/*
 * Appends a template filled from a view model (borrowed): an object of strings, integers, booleans,
 * objects and lists. A name that is not there is looked for in the objects around it; one that is
 * nowhere puts out nothing.
 */
void template_render(struct buffer *out, const struct template *template, enum language language,
                     json_t *model);

#endif
