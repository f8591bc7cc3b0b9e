/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moments and dates. A moment is the number of microseconds since 1970-01-01T00:00:00Z, leap
 * seconds not counted. Japan's clock is UTC+09:00 at every moment, so no time zone files are
 * needed. Dates are Gregorian, years 1 to 9999. Everything here but time_now is a pure function.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/buffer.h"

struct error;

#define TIME_SECOND INT64_C(1000000)         /* microseconds */
#define TIME_DAY    (86400 * TIME_SECOND)    /* microseconds */
#define TIME_JAPAN  (9 * 3600 * TIME_SECOND) /* how far Japan's clock is ahead of UTC */

struct date {
    int year;  /* 1 … 9999 */
    int month; /* 1 … 12 */
    int day;   /* 1 … 31 */
};

/* The present moment by the system's clock. */
int64_t time_now(void);

/* Appends a moment in ISO 8601 (RFC 3339): 2026-11-20T00:43:03.000000Z, always six decimals. */
void time_append_utc(struct buffer *out, int64_t moment);

/* As time_append_utc on Japan's clock: 2026-11-20T09:43:03.000000+09:00. */
void time_append_japan(struct buffer *out, int64_t moment);

/*
 * Reads an RFC 3339 time: date, T (or t, or a space), time, up to nine decimals (cut to
 * microseconds), and Z or an offset; without an offset the time is ambiguous and refused. A leap
 * second (:60) is the first moment of the next minute. Error: time_unreadable.
 */
int time_parse(struct bytes text, int64_t *moment, struct error *error);

/* The date on Japan's calendar at a moment, and the moment at which a date begins in Japan. */
struct date time_date_in_japan(int64_t moment);
int64_t time_start_of_date(struct date date);

/* True when the date exists. */
bool date_valid(struct date date);

/* Days since 1970-01-01, and back. */
int64_t date_to_days(struct date date);
struct date date_from_days(int64_t days);

/* The date so many days later (earlier when negative). */
struct date date_add_days(struct date date, int64_t days);

/* The date so many months later (earlier when negative); a day that the month does not have becomes
 * its last day (Civil Code art. 143). */
struct date date_add_months(struct date date, int months);

/* Days in a month, the last date of the month of date. */
int date_month_length(int year, int month);
struct date date_month_end(struct date date);

/* 0 Sunday … 6 Saturday. */
int date_weekday(struct date date);

/* Negative, 0 or positive as a is before, on or after b. */
int date_compare(struct date a, struct date b);

/* Appends 2026-11-20. */
void date_append(struct buffer *out, struct date date);

/* Reads exactly 2026-11-20. Error: date_unreadable. */
int date_parse(struct bytes text, struct date *date, struct error *error);

/* 年度: the year in whose 1 April the fiscal year of date begins, its first and its last date. */
int date_fiscal_year(struct date date);
struct date fiscal_year_start(int fiscal_year);
struct date fiscal_year_end(int fiscal_year);

#endif
