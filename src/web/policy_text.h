/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A compiled policy as people read it: every clause and what stands between them, in the order of
 * the source and in its words, with lines that were only cut by a page or a margin joined again.
 */
#ifndef WEB_POLICY_TEXT_H
#define WEB_POLICY_TEXT_H

#include <jansson.h>

#include "base/message.h"
#include "policy/policy.h"

/* One page of a long text: clauses [first, end). */
struct policy_page {
    size_t first, end;
};

/*
 * The page that clause `wanted` stands on. Pages end before a clause of the highest rank where they
 * can, and hold a bounded number of clauses and bytes.
 */
struct policy_page policy_page_of(const struct policy *policy, size_t wanted);

/*
 * A clause: {"clause": its id, "depth": 1 to 8, "heading": "(1) …", "paragraphs": ["…"]} with
 * "top", "second" or "third" for the rank of the heading; texts are as printed.
 */
json_t *policy_text_clause(const struct policy *policy, size_t clause);

/*
 * Appends to `blocks` what stands between two clauses: {"block_title"}, {"block_part"},
 * {"block_table"} with one line each, and {"between": ["…"], "block_kind": key of the catalogue}
 * for contents, revisions and figures. [first, end) are furniture.
 */
void policy_text_between(const struct policy *policy, size_t first, size_t end, json_t *blocks);

/* The furniture behind which the next clause stands: the first one not before the clause. */
size_t policy_text_furniture(const struct policy *policy, size_t clause);

/* The heading of a clause in one line, with its marker; its first words when it has none. */
void policy_text_title(const struct policy *policy, size_t clause, struct buffer *out);

/* Where a clause stands, short enough to cite: "対策基準 2 (1) ①". */
void policy_text_place(const struct policy *policy, size_t clause, enum language language,
                       struct buffer *out);

#endif
