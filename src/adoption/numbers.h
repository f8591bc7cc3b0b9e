/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with a unit in a Japanese sentence: "10文字以上", "３か月", "五回". */
#ifndef ADOPTION_NUMBERS_H
#define ADOPTION_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

struct number_unit {
    const char *word; /* NULL behind the last */
    int64_t factor;
};

/* The first number in the text that one of the units follows, times the unit's factor. Digits of
 * either width and Chinese numerals up to 九十九; nothing above a million. */
bool numbers_find(const char *text, const struct number_unit *units, int64_t *value);

#endif
