/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libtiff over memory: a TIFF to read from a view, a TIFF to write into a buffer. */
#ifndef DISARM_FORMAT_TIFF_MEMORY_H
#define DISARM_FORMAT_TIFF_MEMORY_H

#include <tiffio.h>

#include "base/buffer.h"

struct tiff_memory {
    struct bytes in;    /* read side; borrowed */
    struct buffer *out; /* write side; borrowed, must be empty at first */
    uint64_t position;
    char message[160]; /* libtiff's last error */
};

/* Opens in for reading at its first page. NULL when libtiff refuses. memory must outlive it. */
TIFF *tiff_memory_read(struct tiff_memory *memory, struct bytes in);

/* Opens an empty buffer for writing, little-endian. NULL when libtiff refuses. */
TIFF *tiff_memory_write(struct tiff_memory *memory, struct buffer *out);

/* For __attribute__((cleanup)). */
void tiff_memory_close(TIFF **tiff);

#define AUTO_TIFF __attribute__((cleanup(tiff_memory_close)))

#endif
