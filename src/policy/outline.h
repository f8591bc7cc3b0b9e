/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Depth from sequence and context: which marked line stands under which.
 *
 * The same marker means different depths in different places, numbers are misread and lists
 * restart. So every reading of the whole sequence has a cost (a gap costs, a list that does not
 * begin at 1 costs, a heading among sentences costs), and the cheapest is kept: a beam search,
 * linear in the number of markers.
 */
#ifndef POLICY_OUTLINE_H
#define POLICY_OUTLINE_H

#include "policy/marker.h"

/* How the words behind a marker look; siblings look alike. */
enum outline_form {
    OUTLINE_BARE, /* a noun phrase with nothing behind it: an item, or a heading of further items */
    OUTLINE_HEADING,  /* a noun phrase with text behind it */
    OUTLINE_SENTENCE, /* a sentence */
};

struct outline_item {
    const struct marker *marker;
    enum outline_form form;
};

#define OUTLINE_TOP SIZE_MAX

/* Fills parents[i] with the index of the item above item i, or OUTLINE_TOP. */
void outline_solve(const struct outline_item *items, size_t count, size_t *parents);

#endif
