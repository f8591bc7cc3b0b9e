/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawing records of WMF ([MS-WMF] 2.3): which there are, how each is checked and written. */
#ifndef DISARM_FORMAT_WMF_RECORD_H
#define DISARM_FORMAT_WMF_RECORD_H

#include "disarm/format/job.h"

#define WMF_EOF 0

/* The state of one metafile while it is rebuilt. */
struct wmf {
    struct job *job;
    uint16_t objects; /* as the header declares */
    uint32_t largest; /* record written, in words */
    uint32_t drawn;   /* written records that draw something */
    size_t dropped_bytes;
    bool damaged; /* the file broke off */
};

/*
 * Appends the record anew when its function is listed and its parameters are right; else nothing. A
 * record that makes an object and is not right becomes an empty brush, since objects are counted.
 * -1 only with a limit_* error.
 */
int wmf_record_append(struct wmf *wmf, uint16_t function, struct bytes body, struct buffer *out,
                      struct error *error);

#endif
