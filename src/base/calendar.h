/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holidays of Japan, the days on which public offices are open, and due dates. Holidays follow the
 * rules of data/calendar/holidays.tsv from 1949 on; before that there are none. Equinoxes from the
 * year after next are computed, not yet announced.
 */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/time.h"

/* The message key of the holiday's name (holiday.new_year …), or NULL on a day that is none. */
const char *calendar_holiday(struct date date);

/* True on a day on which offices are open: no Saturday, Sunday, holiday, nor 29 December–3 January.
 */
bool calendar_is_business_day(struct date date);

/* The date itself when it is a business day, else the next one. */
struct date calendar_roll_forward(struct date date);

/* The business day that is so many business days after date (before it when negative); 0 rolls
 * forward. The day itself does not count. */
struct date calendar_add_business_days(struct date date, int days);

/* How many business days lie after `from` up to and including `to`; negative when to is before
 * from. */
int calendar_business_days_between(struct date from, struct date to);

enum due_unit {
    DUE_DAYS,            /* count calendar days */
    DUE_BUSINESS_DAYS,   /* count business days */
    DUE_MONTHS,          /* the same day count months later, or that month's end */
    DUE_MONTH_END,       /* the end of the month that is count months later; 0: this month */
    DUE_FISCAL_YEAR_END, /* 31 March of the fiscal year that is count years later; 0: this one */
};

/* How a due date follows from the date of an event: a row of data, never of code. */
struct due_rule {
    enum due_unit unit;
    int count;             /* not negative */
    bool first_day_counts; /* DUE_DAYS and DUE_BUSINESS_DAYS: the day of the event is day one */
    bool roll_forward;     /* when offices are closed on the last day, the next business day */
};

/* The last day on which what the rule asks for is in time. */
struct date calendar_due(struct date event, const struct due_rule *rule);

#endif
