/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 和暦 in and out: the text is first brought to plain ASCII, then read. */
#include "base/era.h"

#include "base/error.h"
#include "base/utf8.h"

struct era {
    char letter;
    char second; /* what fold_text makes of the second kanji of the name */
    const char *name;
    struct date start;
};

/* Newest first; each era ends where the one before it in this table starts. */
static const struct era eras[] = {
    {'R', 'w', "令和", {2019, 5, 1}},   {'H', 's', "平成", {1989, 1, 8}},
    {'S', 'w', "昭和", {1926, 12, 25}}, {'T', 'z', "大正", {1912, 7, 30}},
    {'M', 'j', "明治", {1868, 1, 25}},
};
#define ERA_COUNT (sizeof eras / sizeof *eras)

static const struct date first_gregorian_date = {1873, 1, 1};

/* The era of a date, or NULL before the calendar was Gregorian. */
static const struct era *era_of(struct date date)
{
    if (date_compare(date, first_gregorian_date) < 0)
        return NULL;
    const struct era *era = eras;
    while (date_compare(date, era->start) < 0)
        era++;
    return era;
}

/* Appends 令和8年 or 令和元年 for a year of an era, or 1872年. */
static void append_year(struct buffer *out, const struct era *era, int year)
{
    if (era)
        buffer_append_string(out, era->name);
    if (era && year == era->start.year)
        buffer_append_string(out, "元");
    else
        buffer_append_decimal(out, era ? year - era->start.year + 1 : year, 1);
    buffer_append_string(out, "年");
}

void era_append_date(struct buffer *out, struct date date)
{
    append_year(out, era_of(date), date.year);
    buffer_append_decimal(out, date.month, 1);
    buffer_append_string(out, "月");
    buffer_append_decimal(out, date.day, 1);
    buffer_append_string(out, "日");
}

void era_append_date_in(struct buffer *out, enum language language, struct date date)
{
    if (language == LANGUAGE_JA)
        era_append_date(out, date);
    else
        date_append(out, date);
}

void era_append_short(struct buffer *out, struct date date)
{
    const struct era *era = era_of(date);
    if (era)
        buffer_append_format(out, "%c%d.%d.%d", era->letter, date.year - era->start.year + 1,
                             date.month, date.day);
    else
        date_append(out, date);
}

void era_append_fiscal_year(struct buffer *out, int fiscal_year)
{
    append_year(out, era_of((struct date){fiscal_year, 12, 31}), fiscal_year);
    buffer_append_string(out, "度");
}

/* A character that stands for an ASCII one, or for nothing where `ascii` is a space. */
struct fold {
    uint32_t point;
    char ascii;
};

/* Sorted by code point. '*' stands for the kanji ten, which multiplies. */
static const struct fold folds[] = {
    {0x3000, ' '}, {0x3007, '0'}, {0x32FF, 'R'}, {0x337B, 'H'}, {0x337C, 'S'}, {0x337D, 'T'},
    {0x337E, 'M'}, {0x4E00, '1'}, {0x4E03, '7'}, {0x4E09, '3'}, {0x4E5D, '9'}, {0x4E8C, '2'},
    {0x4E94, '5'}, {0x4EE4, 'R'}, {0x5143, '1'}, {0x516B, '8'}, {0x516D, '6'}, {0x5341, '*'},
    {0x548C, 'w'}, {0x56DB, '4'}, {0x5927, 'T'}, {0x5E73, 'H'}, {0x5E74, 'y'}, {0x6210, 's'},
    {0x65E5, 'd'}, {0x660E, 'M'}, {0x662D, 'S'}, {0x6708, 'm'}, {0x6B63, 'z'}, {0x6CBB, 'j'},
};

/* The ASCII counterpart of a character, 0 when it has no place in a date. */
static char fold_character(uint32_t point)
{
    if (point >= 0xFF01 && point <= 0xFF5E)
        point -= 0xFEE0; /* full width */
    if (point < 0x80) {
        if (point >= 'a' && point <= 'z')
            point -= 'a' - 'A';
        return strchr("0123456789MTSHR./- ", (int)point) && point ? (char)point : '\0';
    }
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
        if (folds[i].point == point)
            return folds[i].ascii;
    return '\0';
}

/* The text as ASCII without spaces: 令和八年十一月二十日 becomes Rw8y*1m2*d. False: not a date. */
static bool fold_text(struct bytes text, char *ascii, size_t size)
{
    size_t length = 0;
    while (text.length > 0) {
        uint32_t point;
        size_t taken = utf8_decode(text, &point);
        char byte = taken ? fold_character(point) : '\0';
        if (byte == '\0' || length + 1 >= size)
            return false;
        if (byte != ' ')
            ascii[length++] = byte;
        text = bytes_slice(text, taken, text.length);
    }
    ascii[length] = '\0';
    return true;
}

/* A number: digits, or kanji with ten in the middle (2*3 is 23, *1 is 11, 3* is 30). 0: none. */
static int take_number(const char **at)
{
    int value = 0, digits = 0;
    for (; digits < 4 && **at >= '0' && **at <= '9'; (*at)++, digits++)
        value = value * 10 + (**at - '0');
    if (**at == '*' && digits <= 1) {
        (*at)++;
        value = 10 * (digits ? value : 1);
        if (**at >= '0' && **at <= '9')
            value += *(*at)++ - '0';
    }
    return value;
}

/* The era whose letter stands at *at, with its second kanji where there is one; NULL: none. */
static const struct era *take_era(const char **at)
{
    for (size_t i = 0; i < ERA_COUNT; i++)
        if (**at == eras[i].letter) {
            *at += (*at)[1] == eras[i].second ? 2 : 1;
            return &eras[i];
        }
    return NULL;
}

/* Reads year, month and day behind the era: with 年月日, or with one separator twice. */
static bool take_date(const char *at, struct date *date)
{
    date->year = take_number(&at);
    char separator = *at;
    if (separator == '\0' || !strchr("y./-", separator))
        return false;
    at++;
    date->month = take_number(&at);
    if (*at++ != (separator == 'y' ? 'm' : separator))
        return false;
    date->day = take_number(&at);
    if (separator == 'y' && *at++ != 'd')
        return false;
    return *at == '\0' && date->year > 0;
}

int era_parse_date(struct bytes text, struct date *date, struct error *error)
{
    char ascii[48];
    int shown = (int)(text.length < 80 ? text.length : 80);
    const char *raw = (const char *)text.data, *at = ascii;
    if (!fold_text(text, ascii, sizeof ascii))
        return error_set(error, "date_unreadable", NULL, "%.*s", shown, raw);
    const struct era *era = take_era(&at);
    if (!take_date(at, date) || (!era && date->year < 100))
        return error_set(error, "date_unreadable", NULL, "%.*s", shown, raw);
    if (era)
        date->year += era->start.year - 1;
    if (!date_valid(*date))
        return error_set(error, "date_unreadable", NULL, "%.*s", shown, raw);
    if (era && date_compare(*date, first_gregorian_date) < 0)
        return error_set(error, "date_before_calendar", NULL, "%.*s", shown, raw);
    if (era && date_compare(*date, era->start) < 0)
        return error_set(error, "date_not_in_era", NULL, "%.*s", shown, raw);
    return 0;
}
