/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The printed markers at the start of a line: 第1章, 第2条, 3, (4), ①, ア, Ⓐ, ・, Ⅱ. */
#ifndef POLICY_MARKER_H
#define POLICY_MARKER_H

#include "base/bytes.h"

/* In the usual order from outside to inside; real texts do not keep to it. */
enum marker_kind {
    MARKER_NONE,
    MARKER_CLOSING,    /* 附則, 別表第1, 様式第1号: always at the top */
    MARKER_CHAPTER,    /* 第1章, 第1編 */
    MARKER_SECTION,    /* 第1節 */
    MARKER_ARTICLE,    /* 第1条, 第1条の2, 第1 */
    MARKER_NUMBER,     /* 1, 1., １ */
    MARKER_NUMBER2,    /* 1.1 */
    MARKER_NUMBER3,    /* 1.1.1 and deeper */
    MARKER_KANJI,      /* 一 */
    MARKER_PAREN,      /* (1), （１） */
    MARKER_CIRCLED,    /* ①, and Ⓐ counted with it */
    MARKER_KANA,       /* ア */
    MARKER_PAREN_KANA, /* (ア) */
    MARKER_ROMAN,      /* Ⅱ */
    MARKER_DOT,        /* ・ or a lone - */
    MARKER_KIND_COUNT,
};

enum { MARKER_PRINTED_SIZE = 32 };

struct marker {
    enum marker_kind kind;
    unsigned value;       /* its place in its sequence, from 1; 0 for MARKER_DOT */
    unsigned iroha_value; /* for kana: its place in イロハ, 0 when it is not the same thing */
    size_t length;        /* bytes of the line that it takes, blanks behind it included */
    char printed[MARKER_PRINTED_SIZE]; /* normalised to one width: "(2)", "②", "第1条の2" */
};

/*
 * Reads the marker at the start of line, which has no leading blanks. False when there is none, or
 * when what looks like one is part of a sentence ("2名以上で").
 */
bool marker_read(struct bytes line, struct marker *marker);

/* As marker_read for the rows of a classification table, where I, II, III and IV in ASCII are
 * markers too. */
bool marker_read_table_row(struct bytes line, struct marker *marker);

#endif
