/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of formats. Each module's functions are declared in its own header. */
#include "disarm/format/format.h"

static const struct format formats[] = {
    /* keep the rows of one module together */
    {.name = NULL},
};

const struct format *format_all(size_t *count)
{
    *count = sizeof formats / sizeof *formats - 1;
    return formats;
}

const struct format *format_find(const char *name)
{
    for (const struct format *format = formats; format->name; format++) {
        if (!strcmp(format->name, name))
            return format;
    }
    return NULL;
}
