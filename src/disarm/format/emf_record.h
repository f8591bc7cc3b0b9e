/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawing records of EMF ([MS-EMF] 2.3): which there are, how each is checked and written. */
#ifndef DISARM_FORMAT_EMF_RECORD_H
#define DISARM_FORMAT_EMF_RECORD_H

#include "disarm/format/job.h"

enum {
    EMF_HEADER = 1,
    EMF_EOF = 14,
};

/* The state of one metafile while it is rebuilt. */
struct emf {
    struct job *job;
    uint32_t handle_count; /* of the table that the header declares */
    bool *handles;         /* by index: an object was created and not deleted; owned */
    uint32_t record_count; /* written, without header and end */
    uint32_t drawn;        /* written records that draw something */
    size_t dropped_bytes;
    bool damaged; /* the file broke off */
};

/*
 * Appends the record anew when its type is listed and its sizes, offsets and handles are right;
 * else appends nothing. -1 with a limit_* error, or with another for a picture in it that is
 * damaged: then what was appended must be taken back.
 */
int emf_record_append(struct emf *emf, uint32_t type, struct bytes record, struct buffer *out,
                      struct error *error);

/* Writes a 32-bit field over bytes that are already there. */
void emf_patch_u32(struct buffer *out, size_t at, uint32_t value);

#endif
