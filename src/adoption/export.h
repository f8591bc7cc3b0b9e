/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the requirements stand, for other programs: OSCAL and Excel. */
#ifndef ADOPTION_EXPORT_H
#define ADOPTION_EXPORT_H

#include "adoption/book.h"
#include "adoption/state.h"
#include "base/message.h"
#include "policy/compare.h"
#include "policy/oscal.h"

/*
 * Appends one OSCAL document about a policy. The catalogue is that of policy_write_oscal; the
 * component definition follows what people decided about bindings; the assessment results carry
 * the standings, with counts and dates, as of the moment `now`.
 */
int adoption_write_oscal(struct store *store, const struct policy *policy, enum policy_oscal model,
                         int64_t now, struct buffer *out, struct error *error);

/*
 * Appends an Excel workbook (xlsx): clause, sentence, control, state, owner, counts, last evidence,
 * next date. Texts are texts: none is ever taken for a formula. Code policy_excel_failed.
 */
int adoption_write_excel(struct store *store, const struct policy *policy, enum language language,
                         int64_t now, struct buffer *out, struct error *error);

/* Adds the sheet of a comparison to a workbook: topic, and agreement, clause and text of each. */
void adoption_fill_comparison(struct book *book, const struct policy *const *policies,
                              const struct policy_comparison *comparison, enum language language);

/* Appends an Excel workbook with that sheet; `store` only lends a folder for temporary files. Code
 * policy_excel_failed. */
int adoption_write_comparison(struct store *store, const struct policy *const *policies,
                              const struct policy_comparison *comparison, enum language language,
                              struct buffer *out, struct error *error);

#endif
