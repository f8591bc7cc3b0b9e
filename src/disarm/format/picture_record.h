/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The receipt rows that every picture format writes in the same way. */
#ifndef DISARM_FORMAT_PICTURE_RECORD_H
#define DISARM_FORMAT_PICTURE_RECORD_H

#include "disarm/format/job.h"

/* Bytes of the input that did not go over. */
struct picture_dropped {
    size_t metadata; /* camera data, text, comments */
    size_t unknown;  /* other blocks that are not pixels */
    size_t profile;  /* colour profiles that are not sane */
    size_t tail;     /* behind the end of the picture */
};

/* Adds a row for each that is not 0. */
void picture_record_dropped(struct job *job, const struct picture_dropped *dropped);

#endif
