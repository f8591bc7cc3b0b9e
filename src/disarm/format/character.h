/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which characters a text may carry. Control characters, characters that turn the direction of
 * writing and characters that nobody sees can make a text look like another one, so they are left
 * out; joiners and variation selectors stay where they belong to a visible character.
 */
#ifndef DISARM_FORMAT_CHARACTER_H
#define DISARM_FORMAT_CHARACTER_H

#include "disarm/format/job.h"

enum character_class {
    CHARACTER_KEPT,
    CHARACTER_CONTROL,
    CHARACTER_DIRECTION,
    CHARACTER_INVISIBLE,
    CHARACTER_CLASS_COUNT,
};

/* How many characters of each class a text held. */
struct character_counts {
    uint64_t of[CHARACTER_CLASS_COUNT];
};

/*
 * Appends the UTF-8 text without the characters that do not stay, and adds to counts (may be NULL).
 * Doing it twice is doing it once. Bytes that are not UTF-8 become U+FFFD.
 */
void character_clean(struct bytes text, struct buffer *out, struct character_counts *counts);

/* Records a row for each class that something was dropped of. part as in job_record. */
void character_record(struct job *job, const char *part, const struct character_counts *counts);

#endif
