/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a description of printed pages is written down, and drawing it, which only workers do. */
#ifndef DISARM_PRINT_INTERNAL_H
#define DISARM_PRINT_INTERNAL_H

#include "disarm/format/job.h"
#include "disarm/print.h"

enum print_block {
    PRINT_END,
    PRINT_TITLE,
    PRINT_HEADING,
    PRINT_PARAGRAPH,
    PRINT_FACT,
    PRINT_TABLE,
    PRINT_ROW,
    PRINT_BLOCK_COUNT,
};

enum { PRINT_TEXT_MOST = 64 * 1024 }; /* bytes of one text */

/* Draws a description and appends the PDF, rebuilt as any other. Codes print_invalid, and those of
 * the rebuild. */
int print_make(struct job *job, struct bytes in, struct buffer *out, struct error *error);

/* Loads fonts and their tables while files can still be opened. */
int print_warm(struct error *error);

#endif
