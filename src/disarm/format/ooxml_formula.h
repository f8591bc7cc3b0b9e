/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a worksheet formula only computes from what its own workbook holds (ECMA-376 Part 1,
 * 18.17). A formula that reaches out is not kept; its last value is.
 */
#ifndef DISARM_FORMAT_OOXML_FORMULA_H
#define DISARM_FORMAT_OOXML_FORMULA_H

#include "base/bytes.h"

/* Names of the workbook that a formula stands in. */
struct ooxml_formula_scope {
    char **sheets; /* sheets that stay */
    size_t sheet_count;
    char **lost_sheets; /* sheets that are not in the rebuilt workbook */
    size_t lost_sheet_count;
    char **names; /* defined names, which may be functions made by LAMBDA */
    size_t name_count;
};

/*
 * False when the formula (UTF-8, without its '=') names another program (DDE), another workbook, a
 * sheet that is lost, a function that is not on the list, or a link that is not http(s), mailto or
 * inside the workbook; also when it cannot be read. scope may be NULL.
 */
bool ooxml_formula_safe(struct bytes formula, const struct ooxml_formula_scope *scope);

#endif
