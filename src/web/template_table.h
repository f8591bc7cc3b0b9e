/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that tools/templates.py makes of data/templates, sorted by name. */
#ifndef WEB_TEMPLATE_TABLE_H
#define WEB_TEMPLATE_TABLE_H

#include <stddef.h>

enum template_kind {
    TEMPLATE_HTML,     /* put out as it stands */
    TEMPLATE_VALUE,    /* a name: its value, escaped */
    TEMPLATE_SECTION,  /* a name; jump: the operation behind its end */
    TEMPLATE_INVERTED, /* as a section */
    TEMPLATE_END,      /* of a section or inverted section; jump: where it starts */
    TEMPLATE_PART,     /* jump: number of the template */
    TEMPLATE_TEXT,     /* a key of the catalogue */
    TEMPLATE_KEY,      /* a name whose value is a key of the catalogue */
};

struct template_operation {
    enum template_kind kind;
    size_t jump;
    const char *text;
};

struct template
{
    const char *name;
    const struct template_operation *operations;
    size_t count;
};

extern const struct template template_table[];
extern const size_t template_count;

#endif
