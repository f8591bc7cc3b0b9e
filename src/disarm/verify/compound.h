/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader's own view of an OLE2 compound file ([MS-CFB]): the one form that our writer
 * makes, with entries that are known beforehand.
 */
#ifndef DISARM_VERIFY_COMPOUND_H
#define DISARM_VERIFY_COMPOUND_H

#include "base/bytes.h"

enum compound_type {
    COMPOUND_STORAGE = 1,
    COMPOUND_STREAM = 2,
    COMPOUND_ROOT = 5,
};

#define COMPOUND_NONE UINT32_MAX

/* What an entry of the directory must say; the first one is the root. */
struct compound_entry {
    const char *name; /* ASCII */
    enum compound_type type;
    bool black;
    uint32_t left, right, child; /* numbers of entries, or COMPOUND_NONE */
    struct bytes data;           /* of a stream: set by compound_read, borrowed from the file */
};

/* True when the file begins as compound files do. */
bool compound_begins(struct bytes file);

/*
 * Reads the whole file: sectors of 512 bytes in the order allocation table, its continuation,
 * directory, table of short streams, short streams, long streams, without gaps, each chain made of
 * neighbours, filled up with zeroes, without times and identifiers. Sets the data of every stream.
 * False when any byte is otherwise.
 */
bool compound_read(struct bytes file, struct compound_entry *entries, size_t count);

#endif
