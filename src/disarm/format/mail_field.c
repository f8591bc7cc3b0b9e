/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates, message identifiers and free text; address lists are in mail_address.c. */
#include "disarm/format/mail_field.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cursor.h"
#include "disarm/format/lookalike.h"
#include "disarm/format/mime_words.h"

enum {
    SUBJECT_COLUMN = 9,
    IDENTIFIER_BYTES = 400,
    IDENTIFIERS = 200,
};

unsigned mail_field_append_text(struct bytes value, struct buffer *out)
{
    AUTO_BUFFER text = {0}, plain = {0};
    bool changed = mime_decode_words(value, &text);
    changed |= lookalike_append_plain(buffer_bytes(&text), &plain);
    mime_encode_words(buffer_bytes(&plain), SUBJECT_COLUMN, out);
    return changed ? MAIL_FIELD_LOOKALIKE : 0;
}

/* "<" printable characters "@" printable characters ">", RFC 5322 3.6.4 read generously. */
static bool is_identifier(struct bytes text)
{
    if (text.length < 3 || text.length > IDENTIFIER_BYTES || bytes_find(text, 0, "=?") != SIZE_MAX)
        return false;
    for (size_t i = 1; i + 1 < text.length; i++) {
        if (text.data[i] <= ' ' || text.data[i] > '~' || strchr("<>()\",;:\\", text.data[i]))
            return false;
    }
    return true;
}

unsigned mail_field_append_identifiers(struct bytes value, struct buffer *out)
{
    unsigned changes = 0;
    size_t at = 0, start = out->length;
    for (int count = 0; count < IDENTIFIERS; count++) {
        size_t open = bytes_find(value, at, "<");
        size_t close = open == SIZE_MAX ? SIZE_MAX : bytes_find(value, open, ">");
        if (close == SIZE_MAX)
            break;
        at = close + 1;
        struct bytes identifier = bytes_slice(value, open, close + 1 - open);
        if (!is_identifier(identifier)) {
            changes |= MAIL_FIELD_BROKEN;
            continue;
        }
        if (out->length > start)
            buffer_append_string(out, "\r\n ");
        buffer_append_bytes(out, identifier);
    }
    return out->length > start ? changes : MAIL_FIELD_BROKEN;
}

static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* A word or number of a date; comments in brackets and all else are passed over. */
static bool take_word(struct cursor *cursor, char word[16])
{
    size_t length = 0;
    unsigned brackets = 0;
    while (cursor_remaining(cursor)) {
        uint8_t byte = cursor->bytes.data[cursor->position];
        bool part = !brackets && (isalnum(byte) || ((byte == '+' || byte == '-') && !length));
        if (!part && length)
            break;
        cursor_skip(cursor, 1);
        brackets += byte == '(';
        brackets -= byte == ')' && brackets;
        if (part && length < 15)
            word[length++] = (char)byte;
    }
    word[length] = '\0';
    return length > 0;
}

/* Minutes east of Greenwich of "+0900", "GMT", "JST" …; false when it is no zone. */
static bool read_zone(const char *word, int *minutes)
{
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {{"UT", 0},     {"UTC", 0},    {"GMT", 0},    {"Z", 0},      {"JST", 540},
                 {"EST", -300}, {"EDT", -240}, {"CST", -360}, {"CDT", -300}, {"MST", -420},
                 {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"BST", 60},   {"CET", 60},
                 {"CEST", 120}, {"MET", 60},   {"KST", 540}};
    if ((*word == '+' || *word == '-') && strlen(word) == 5) {
        long value = strtol(word + 1, NULL, 10);
        *minutes = (int)(value / 100 * 60 + value % 100) * (*word == '-' ? -1 : 1);
        return value % 100 < 60 && value <= 1400;
    }
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (!strcasecmp(word, zones[i].name)) {
            *minutes = zones[i].minutes;
            return true;
        }
    }
    return false;
}

struct date {
    long day, month, year, hour, minute, second;
    int zone;
};

static bool take_number(struct cursor *cursor, long *number, long highest)
{
    char word[16];
    char *end;
    if (!take_word(cursor, word))
        return false;
    *number = strtol(word, &end, 10);
    return !*end && isdigit((unsigned char)word[0]) && *number <= highest;
}

/* [weekday] day month year hour minute [second] zone, with two-digit years as RFC 5322 4.3 says. */
static bool read_date(struct bytes value, struct date *date)
{
    struct cursor cursor = cursor_open(value);
    char word[16];
    if (!take_word(&cursor, word))
        return false;
    if (isalpha((unsigned char)word[0]) && !take_word(&cursor, word))
        return false;
    date->day = strtol(word, NULL, 10);
    if (!take_word(&cursor, word) || strlen(word) < 3)
        return false;
    for (date->month = 0; date->month < 12; date->month++) {
        if (!strncasecmp(word, months[date->month], 3))
            break;
    }
    if (date->month == 12 || !take_number(&cursor, &date->year, 9999) ||
        !take_number(&cursor, &date->hour, 23) || !take_number(&cursor, &date->minute, 59))
        return false;
    date->year += date->year < 50 ? 2000 : date->year < 1000 ? 1900 : 0;
    if (!take_word(&cursor, word))
        return false;
    if (isdigit((unsigned char)word[0])) {
        date->second = strtol(word, NULL, 10);
        if (!take_word(&cursor, word))
            return date->day >= 1 && date->day <= 31 && date->second <= 60; /* no zone: UTC */
    }
    return date->day >= 1 && date->day <= 31 && date->second >= 0 && date->second <= 60 &&
           read_zone(word, &date->zone);
}

/* 0: Sunday (Sakamoto's rule). */
static int weekday_of(const struct date *date)
{
    static const int shifts[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    long year = date->year - (date->month < 2);
    return (int)((year + year / 4 - year / 100 + year / 400 + shifts[date->month] + date->day) % 7);
}

unsigned mail_field_append_date(struct bytes value, struct buffer *out)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    struct date date = {0};
    if (!read_date(value, &date))
        return MAIL_FIELD_BROKEN;
    int zone = date.zone < 0 ? -date.zone : date.zone;
    buffer_append_format(out, "%s, %02ld %s %04ld %02ld:%02ld:%02ld %c%02d%02d",
                         days[weekday_of(&date)], date.day, months[date.month], date.year,
                         date.hour, date.minute, date.second, date.zone < 0 ? '-' : '+', zone / 60,
                         zone % 60);
    return 0;
}
