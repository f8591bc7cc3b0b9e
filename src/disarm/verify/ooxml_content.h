/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader's look at one XML part of an Office package. */
#ifndef DISARM_VERIFY_OOXML_CONTENT_H
#define DISARM_VERIFY_OOXML_CONTENT_H

#include "disarm/verify/ooxml_lists.h"
#include "disarm/verify/verify.h"

struct content_context {
    const char *part;        /* its name, for errors */
    const char *root;        /* that it must have */
    const struct bytes *ids; /* of its relationships, by content_compare_ids */
    size_t id_count;
    struct bytes workbook; /* the XML of the workbook, or empty */
};

/* 0 when the part holds nothing that fetches, embeds or runs something. Error: verify_ooxml. */
int content_check(const struct content_context *context, struct bytes xml, struct error *error);

/* The order of two struct bytes, for qsort. */
int content_compare_ids(const void *a, const void *b);

/* For tests: true when a formula (decoded) stays inside its workbook. */
bool content_formula_stays(struct bytes formula, struct bytes workbook);

#endif
