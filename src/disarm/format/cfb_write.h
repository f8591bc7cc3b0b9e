/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing an OLE2 compound file ([MS-CFB], version 3) with streams that are known beforehand. */
#ifndef DISARM_FORMAT_CFB_WRITE_H
#define DISARM_FORMAT_CFB_WRITE_H

#include "base/buffer.h"
#include "base/error.h"

enum cfb_type {
    CFB_STORAGE = 1,
    CFB_STREAM = 2,
    CFB_ROOT = 5,
};

enum {
    CFB_RED = 0,
    CFB_BLACK = 1,
};

#define CFB_NONE UINT32_MAX

/*
 * One entry of the directory; the first one is the root. The entries of one storage form a
 * red-black tree by left and right, sorted by length and then by letters; child is its top. All
 * three are numbers of entries or CFB_NONE. Names are ASCII, 31 characters at most.
 */
struct cfb_entry {
    const char *name;
    enum cfb_type type;
    uint8_t colour;
    uint32_t left, right, child;
    struct bytes data; /* of a stream, borrowed */
};

/*
 * Appends the file: header, allocation table, its continuation where the header does not hold it,
 * directory, table of short streams, short streams, long streams; each without gaps in the order of
 * the entries, filled up with zeroes, without times and identifiers. 0, or -1 with cfb_large above
 * 1 GB of data.
 */
int cfb_write(const struct cfb_entry *entries, size_t count, struct buffer *out,
              struct error *error);

#endif
