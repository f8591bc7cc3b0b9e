/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments and dates: the Gregorian calendar by day numbers, RFC 3339 in and out. */
#include "base/time.h"

#include <time.h>

#include "base/cursor.h"
#include "base/error.h"

int64_t time_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * TIME_SECOND + now.tv_nsec / 1000;
}

/* Division that rounds down, so that moments before 1970 fall on the right day. */
static int64_t floor_divide(int64_t value, int64_t divisor)
{
    int64_t quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

/* The day number counts from 1 March of year 0, so that the leap day is the last of its year. */
#define DAYS_FROM_0000_03_01_TO_1970 719468
#define DAYS_IN_400_YEARS            146097

int64_t date_to_days(struct date date)
{
    int64_t year = date.month > 2 ? date.year : date.year - 1;
    int64_t cycle = floor_divide(year, 400);
    int64_t year_of_cycle = year - cycle * 400;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_cycle =
        year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    return cycle * DAYS_IN_400_YEARS + day_of_cycle - DAYS_FROM_0000_03_01_TO_1970;
}

struct date date_from_days(int64_t days)
{
    days += DAYS_FROM_0000_03_01_TO_1970;
    int64_t cycle = floor_divide(days, DAYS_IN_400_YEARS);
    int64_t day_of_cycle = days - cycle * DAYS_IN_400_YEARS;
    int64_t year = (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 -
                    day_of_cycle / (DAYS_IN_400_YEARS - 1)) /
                   365;
    int64_t day_of_year = day_of_cycle - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct date date = {
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    date.year = (int)(year + cycle * 400 + (date.month <= 2));
    return date;
}

int date_month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : lengths[month - 1];
}

bool date_valid(struct date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= date_month_length(date.year, date.month);
}

struct date date_add_days(struct date date, int64_t days)
{
    return date_from_days(date_to_days(date) + days);
}

struct date date_month_end(struct date date)
{
    date.day = date_month_length(date.year, date.month);
    return date;
}

struct date date_add_months(struct date date, int months)
{
    int64_t count = (int64_t)date.year * 12 + date.month - 1 + months;
    struct date result = {(int)floor_divide(count, 12), 0, date.day};
    result.month = (int)(count - (int64_t)result.year * 12) + 1;
    int length = date_month_length(result.year, result.month);
    if (result.day > length)
        result.day = length;
    return result;
}

int date_weekday(struct date date)
{
    int64_t since_sunday = date_to_days(date) + 4; /* 1970-01-01 was a Thursday */
    return (int)(since_sunday - floor_divide(since_sunday, 7) * 7);
}

int date_compare(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return a.day < b.day ? -1 : a.day > b.day;
}

struct date time_date_in_japan(int64_t moment)
{
    return date_from_days(floor_divide(moment + TIME_JAPAN, TIME_DAY));
}

int64_t time_start_of_date(struct date date)
{
    return date_to_days(date) * TIME_DAY - TIME_JAPAN;
}

int date_fiscal_year(struct date date)
{
    return date.month >= 4 ? date.year : date.year - 1;
}

struct date fiscal_year_start(int fiscal_year)
{
    return (struct date){fiscal_year, 4, 1};
}

struct date fiscal_year_end(int fiscal_year)
{
    return (struct date){fiscal_year + 1, 3, 31};
}

void date_append(struct buffer *out, struct date date)
{
    buffer_append_decimal(out, date.year, 4);
    buffer_append_byte(out, '-');
    buffer_append_decimal(out, date.month, 2);
    buffer_append_byte(out, '-');
    buffer_append_decimal(out, date.day, 2);
}

/* Appends what a clock shows that is ahead of UTC by offset. */
static void append_clock(struct buffer *out, int64_t moment, int64_t offset, const char *suffix)
{
    int64_t local = moment + offset;
    int64_t days = floor_divide(local, TIME_DAY);
    int64_t second = (local - days * TIME_DAY) / TIME_SECOND;
    date_append(out, date_from_days(days));
    buffer_append_format(out, "T%02d:%02d:%02d.%06d%s", (int)(second / 3600),
                         (int)(second / 60 % 60), (int)(second % 60),
                         (int)(local - floor_divide(local, TIME_SECOND) * TIME_SECOND), suffix);
}

void time_append_utc(struct buffer *out, int64_t moment)
{
    append_clock(out, moment, 0, "Z");
}

void time_append_japan(struct buffer *out, int64_t moment)
{
    append_clock(out, moment, TIME_JAPAN, "+09:00");
}

/* Exactly so many digits as a number; anything else fails the cursor. */
static int take_digits(struct cursor *cursor, int count)
{
    int value = 0;
    while (count-- > 0) {
        unsigned digit = (unsigned)cursor_u8(cursor) - '0';
        if (digit > 9) {
            cursor_fail(cursor);
            return 0;
        }
        value = value * 10 + (int)digit;
    }
    return value;
}

/* One byte, which must be one of those in allowed. */
static char take_one_of(struct cursor *cursor, const char *allowed)
{
    char byte = (char)cursor_u8(cursor);
    if (byte == '\0' || !strchr(allowed, byte))
        cursor_fail(cursor);
    return byte;
}

static struct date take_date(struct cursor *cursor)
{
    struct date date;
    date.year = take_digits(cursor, 4);
    take_one_of(cursor, "-");
    date.month = take_digits(cursor, 2);
    take_one_of(cursor, "-");
    date.day = take_digits(cursor, 2);
    if (!cursor->failed && !date_valid(date))
        cursor_fail(cursor);
    return date;
}

/* hh:mm below 24:00, in minutes. */
static int take_minutes(struct cursor *cursor)
{
    int hour = take_digits(cursor, 2);
    take_one_of(cursor, ":");
    int minute = take_digits(cursor, 2);
    if (hour > 23 || minute > 59)
        cursor_fail(cursor);
    return hour * 60 + minute;
}

/* The decimals after a point, one to nine digits, in microseconds; *next is the byte after them. */
static int64_t take_fraction(struct cursor *cursor, char *next)
{
    int64_t fraction = 0;
    int digits = 0;
    char byte;
    while ((byte = (char)cursor_u8(cursor)) >= '0' && byte <= '9')
        if (digits++ < 6)
            fraction = fraction * 10 + (byte - '0');
    if (digits < 1 || digits > 9)
        cursor_fail(cursor);
    for (; digits < 6; digits++)
        fraction *= 10;
    *next = byte;
    return fraction;
}

int date_parse(struct bytes text, struct date *date, struct error *error)
{
    struct cursor cursor = cursor_open(text);
    *date = take_date(&cursor);
    if (!cursor_at_end(&cursor))
        return error_set(error, "date_unreadable", NULL, "%.*s",
                         (int)(text.length < 80 ? text.length : 80), (const char *)text.data);
    return 0;
}

int time_parse(struct bytes text, int64_t *moment, struct error *error)
{
    struct cursor cursor = cursor_open(text);
    struct date date = take_date(&cursor);
    take_one_of(&cursor, "Tt ");
    int64_t second = (int64_t)take_minutes(&cursor) * 60;
    take_one_of(&cursor, ":");
    int seconds = take_digits(&cursor, 2);
    if (seconds > 60)
        cursor_fail(&cursor);
    char next = take_one_of(&cursor, "Zz+-.");
    int64_t fraction = next == '.' ? take_fraction(&cursor, &next) : 0;
    if (next == '+' || next == '-')
        second -= (next == '+' ? 60 : -60) * (int64_t)take_minutes(&cursor);
    else if (next != 'Z' && next != 'z')
        cursor_fail(&cursor);
    if (!cursor_at_end(&cursor))
        return error_set(error, "time_unreadable", NULL, "%.*s",
                         (int)(text.length < 80 ? text.length : 80), (const char *)text.data);
    *moment = date_to_days(date) * TIME_DAY + (second + seconds) * TIME_SECOND + fraction;
    return 0;
}
