/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker says about its file when it is done. The worker has read hostile bytes, so nothing
 * in a report is believed: sizes are bounded, keys must be in the catalogue, formats in the tables.
 */
#ifndef DISARM_REPORT_H
#define DISARM_REPORT_H

#include "disarm/format/format.h"
#include "disarm/receipt.h"

/* The largest report that is read, in bytes. */
#define REPORT_BYTES (UINT64_C(16) << 20)

struct report {
    const struct format *input_format;  /* NULL: not recognised */
    const struct format *output_format; /* NULL: refused */
    struct error reason;                /* code NULL: done */
};

/* Writes a report with the rows of a receipt. */
void report_encode(const struct report *report, const struct receipt *receipt,
                   struct buffer *message);

/*
 * Reads a report and adds its rows (row_limit and a few at most) to the receipt. 0, or -1 with
 * report_invalid; rows that were added before the fault stay.
 */
int report_decode(struct bytes message, uint64_t row_limit, struct report *report,
                  struct receipt *receipt, struct error *error);

#endif
