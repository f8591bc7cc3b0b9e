/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing a PDF file: one body, objects without streams packed into object streams, one
 * cross-reference stream, one end (ISO 32000-2, 7.5.7 and 7.5.8). The same objects in the same
 * order give the same bytes.
 */
#ifndef DISARM_FORMAT_PDF_WRITER_H
#define DISARM_FORMAT_PDF_WRITER_H

#include "disarm/format/pdf_seal.h"
#include "disarm/format/pdf_value.h"

struct pdf_placed {
    uint64_t offset;    /* of the object in the file, or its place in its object stream */
    uint32_t container; /* number of its object stream; 0: stands for itself */
    bool written;
};

struct pdf_writer {
    struct buffer *out;          /* the file */
    const struct pdf_seal *seal; /* to close it with; NULL: open. Set it after pdf_writer_open */
    struct pdf_placed *placed;   /* by object number */
    uint32_t count, capacity;    /* numbers given out so far, 0 included */
    struct buffer packed;        /* objects of the current object stream */
    struct buffer index;         /* their numbers and offsets */
    uint32_t packed_count, packed_number;
};

/* Begins a file at the end of out. */
void pdf_writer_open(struct pdf_writer *writer, struct buffer *out);
void pdf_writer_close(struct pdf_writer *writer);

/* A new object number. */
uint32_t pdf_writer_reserve(struct pdf_writer *writer);

/* Writes an object that is not a stream: its text. */
void pdf_writer_put(struct pdf_writer *writer, uint32_t number, struct bytes text);

/*
 * Writes a stream: the inside of its dictionary (without << >>, Length), and its data. When deflate
 * is true the data are compressed and Filter is added.
 */
void pdf_writer_put_stream(struct pdf_writer *writer, uint32_t number, struct bytes dictionary,
                           struct bytes data, bool deflate);

/* Ends the file. info may be 0. */
void pdf_writer_finish(struct pdf_writer *writer, uint32_t root, uint32_t info);

#endif
