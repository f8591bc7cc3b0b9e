/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receipt rows of what a picture loses. */
#include "disarm/format/picture_record.h"

static void record(struct job *job, const char *kind, const char *reason, size_t bytes)
{
    if (bytes)
        job_record(job, NULL, kind, RECEIPT_DROPPED, reason, bytes, 0);
}

void picture_record_dropped(struct job *job, const struct picture_dropped *dropped)
{
    record(job, "picture_profile", "picture_damaged", dropped->profile);
    record(job, "picture_metadata", "picture_not_pixels", dropped->metadata);
    record(job, "picture_block", "picture_not_pixels", dropped->unknown);
    record(job, "picture_tail", "picture_behind_end", dropped->tail);
}
