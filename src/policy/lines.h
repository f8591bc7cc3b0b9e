/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The source as lines: what each line is (furniture, heading of a part, marked or plain text) and
 * where its words stand, without the marks that a converter from PDF or Word left ("- ", "## ").
 */
#ifndef POLICY_LINES_H
#define POLICY_LINES_H

#include "policy/marker.h"
#include "policy/policy.h"

enum line_kind {
    LINE_BLANK,
    LINE_FURNITURE,
    LINE_PART,    /* heading of 基本方針 or 対策基準 */
    LINE_PREFACE, /* はじめに, 前文 */
    LINE_CAPTION, /* （目的） over the article that it names */
    LINE_MARKED,
    LINE_PLAIN,
};

struct line {
    enum line_kind kind;
    enum policy_furniture_kind furniture; /* for LINE_FURNITURE and LINE_PART */
    enum policy_part part;                /* for LINE_PART */
    struct policy_span place;             /* its words, blanks at both ends left out */
    unsigned width;                       /* columns: 2 for a full-width character */
    struct marker marker;                 /* for LINE_MARKED */
    bool ends_sentence;                   /* its last character closes a sentence */
};

struct lines {
    struct line *items;
    size_t count;
    unsigned wrap_width; /* columns at which the source breaks its lines; 0 when it does not */
};

/* Splits and classifies a text. Fills revisions and dates of the policy from what it recognises. */
void lines_read(struct policy *policy, struct lines *lines);

/* The words of a line, marker included. */
struct bytes line_words(const struct policy *policy, const struct line *line);

/* The words of a line behind its marker. */
struct bytes line_text(const struct policy *policy, const struct line *line);

/* Frees the lines. */
void lines_free(struct lines *lines);

#endif
