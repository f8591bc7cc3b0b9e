/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons and coverage as files for other programs: HTML and Excel. */
#ifndef COMMAND_POLICY_EXPORT_H
#define COMMAND_POLICY_EXPORT_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/message.h"
#include "policy/compare.h"
#include "policy/policy.h"

/* Appends the comparison as a page that stands by itself and prints on A4. */
void policy_append_comparison_html(const struct policy *const *policies,
                                   const struct policy_comparison *comparison,
                                   enum language language, struct buffer *out);

/*
 * Writes an Excel workbook (xlsx) in the place of path, in one step. Texts are texts: none is ever
 * taken for a formula. 0, or -1 with policy_excel_failed or an error of base/file.h.
 */
int policy_write_comparison_excel(const struct policy *const *policies,
                                  const struct policy_comparison *comparison,
                                  enum language language, const char *path, struct error *error);
int policy_write_coverage_excel(const struct policy *policy, enum language language,
                                const char *path, struct error *error);

#endif
