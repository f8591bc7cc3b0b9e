/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that tools/holidays.py makes of data/calendar/holidays.tsv; that file explains the
 * rules. */
#ifndef BASE_HOLIDAY_TABLE_H
#define BASE_HOLIDAY_TABLE_H

#include <stddef.h>

enum holiday_kind {
    HOLIDAY_FIXED,
    HOLIDAY_MONDAY,
    HOLIDAY_EQUINOX,
    HOLIDAY_SUNDAY,
    HOLIDAY_BETWEEN,
    HOLIDAY_CLOSED,
};

struct holiday_rule {
    enum holiday_kind kind;
    const char *key; /* of the message with its name: holiday.… */
    int from, to;    /* calendar years, both included */
    int month;
    int value;
};

extern const struct holiday_rule holiday_table[];
extern const size_t holiday_count;

#endif
