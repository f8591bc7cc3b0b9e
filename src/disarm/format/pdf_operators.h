/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators of content streams (ISO 32000-2, annex A). */
#ifndef DISARM_FORMAT_PDF_OPERATORS_H
#define DISARM_FORMAT_PDF_OPERATORS_H

#include "base/bytes.h"

struct pdf_operator {
    const char *name;
    /*
     * One letter for each operand: n number, m name, s string, a array, p name or dictionary;
     * "*": any numbers, "*m": any numbers and then perhaps a name.
     */
    const char *operands;
    bool starts_image; /* BI */
};

/*
 * The operator that a word is, or NULL. *word becomes what is left of it: some writers run
 * operators together ("Qq"), and ordinary readers take that.
 */
const struct pdf_operator *pdf_operator_find(struct bytes *word);

#endif
