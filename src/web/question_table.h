/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that tools/label_questions.py makes of data/label_questions.tsv, in its order. */
#ifndef WEB_QUESTION_TABLE_H
#define WEB_QUESTION_TABLE_H

#include <stddef.h>

/* What a "yes" says: the document stands at least this high. */
struct question {
    const char *scheme; /* of data/classifications.tsv */
    const char *name;   /* of the form's field */
    const char *text;   /* key of the catalogue */
    int rank;
};

extern const struct question question_table[];
extern const size_t question_count;

#endif
