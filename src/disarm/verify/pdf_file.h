/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file around the objects: where each stands, and that nothing else stands there. */
#ifndef DISARM_VERIFY_PDF_FILE_H
#define DISARM_VERIFY_PDF_FILE_H

#include "base/buffer.h"
#include "disarm/verify/verify.h"

struct file_object {
    struct bytes text; /* the value; of a stream: the inside of its dictionary, << to >> */
    struct bytes data; /* of a stream, as encoded */
    bool is_stream;
    bool present;
    bool structural;    /* object streams and the cross-reference stream */
    uint64_t position;  /* offset in the file, or place in its object stream */
    uint32_t container; /* number of its object stream, else 0 */
    bool checked;       /* its data were looked at */
    unsigned seen;      /* set of contexts in which it was reached */
};

struct file {
    struct verify_job *job;
    struct bytes bytes;
    struct file_object *objects; /* by number */
    size_t count;
    struct buffer *unpacked; /* contents of the object streams, which the texts point into */
    size_t unpacked_count;
    uint32_t root, info;
    struct error *error;
};

/* Reads the whole file. 0, or -1 with verify_pdf. Give it to pdf_file_close in any case. */
int pdf_file_open(struct file *file, struct verify_job *job, struct bytes bytes,
                  struct error *error);
void pdf_file_close(struct file *file);

/* Refuses the file: what is wrong, and at which object (0: none). Returns -1. */
int file_refuse(struct file *file, size_t number, const char *what);

/* Appends the data of a Flate stream; exactly one zlib stream and nothing behind it. 0 or -1. */
int file_inflate(struct file *file, size_t number, struct bytes data, struct buffer *out);

/* The value of an integer key in a dictionary's text, or -1. Only for direct values. */
int64_t file_integer(struct bytes dictionary, const char *key);

/* The name (as written) that a key holds, or empty. */
struct bytes file_name(struct bytes dictionary, const char *key);

#endif
