/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that tools/static_files.py makes of data/static, sorted by name. */
#ifndef WEB_STATIC_TABLE_H
#define WEB_STATIC_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct static_file {
    const char *name;
    const char *content_type;
    const char *tag; /* entity tag, with its quotes */
    const uint8_t *data;
    size_t length; /* bytes */
};

extern const struct static_file static_table[];
extern const size_t static_count;

#endif
