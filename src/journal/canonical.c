/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canonical JSON (RFC 8785) of jansson values. */
#include "journal/canonical.h"

#include <math.h>
#include <stdio.h>

#include "base/cursor.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"

#define INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1 */

enum { DIGITS_MAX = 17 };

/* A positive number as digits × 10^(point - count), as ECMAScript chooses them. */
struct decimal {
    char digits[DIGITS_MAX + 1];
    int count;
    int point; /* where the decimal point stands, counted from before the first digit */
};

/* Cuts "d.ddde±xx" as printf writes it. */
static void cut_decimal(const char *text, struct decimal *decimal)
{
    decimal->count = 0;
    for (; *text != 'e'; text++)
        if (*text != '.')
            decimal->digits[decimal->count++] = *text;
    decimal->digits[decimal->count] = '\0';
    decimal->point = (int)strtol(text + 1, NULL, 10) + 1;
}

static bool reads_back(const struct decimal *decimal, double number)
{
    char text[DIGITS_MAX + 16];
    snprintf(text, sizeof text, "0.%se%d", decimal->digits, decimal->point);
    return strtod(text, NULL) == number;
}

/* Adds one to the last digit; false when that would carry out of the first. */
static bool next_decimal(struct decimal *decimal)
{
    for (int i = decimal->count - 1; i >= 0; i--) {
        if (decimal->digits[i] != '9') {
            decimal->digits[i]++;
            return true;
        }
        decimal->digits[i] = '0';
    }
    return false;
}

/*
 * The fewest digits that read back as the same number. Below a power of two the gap is half as
 * wide, so that the nearest decimal may miss where the next one above hits: both are tried.
 */
static void shortest_decimal(double number, struct decimal *decimal)
{
    for (int digits = 1; digits <= DIGITS_MAX; digits++) {
        char text[DIGITS_MAX + 16];
        snprintf(text, sizeof text, "%.*e", digits - 1, number);
        cut_decimal(text, decimal);
        if (reads_back(decimal, number))
            return;
        struct decimal above = *decimal;
        if (next_decimal(&above) && reads_back(&above, number)) {
            *decimal = above;
            return;
        }
    }
}

static void append_zeroes(struct buffer *out, int count)
{
    while (count-- > 0)
        buffer_append_byte(out, '0');
}

/* Number::toString(x, 10), steps 6 to 12, with k = count and n = point. */
static void append_decimal(struct buffer *out, const struct decimal *decimal)
{
    int k = decimal->count, n = decimal->point;
    const char *digits = decimal->digits;
    if (k <= n && n <= 21) {
        buffer_append_string(out, digits);
        append_zeroes(out, n - k);
    } else if (0 < n && n <= 21) {
        buffer_append_format(out, "%.*s.%s", n, digits, digits + n);
    } else if (-6 < n && n <= 0) {
        buffer_append_string(out, "0.");
        append_zeroes(out, -n);
        buffer_append_string(out, digits);
    } else if (k == 1) {
        buffer_append_format(out, "%se%+d", digits, n - 1);
    } else {
        buffer_append_format(out, "%c.%se%+d", digits[0], digits + 1, n - 1);
    }
}

void canonical_append_number(struct buffer *out, double number)
{
    if (number == 0) {
        buffer_append_byte(out, '0');
        return;
    }
    if (number < 0)
        buffer_append_byte(out, '-');
    struct decimal decimal;
    shortest_decimal(fabs(number), &decimal);
    append_decimal(out, &decimal);
}

/*
 * One code unit of UTF-16 order: supplementary characters (surrogates, D800 …) come before
 * U+E000 … U+FFFF; among themselves they keep the order of their code points.
 */
static uint32_t utf16_rank(uint32_t point)
{
    if (point >= 0x10000)
        return point - 0x10000 + 0xD800;
    return point >= 0xE000 ? point + 0x100000 : point;
}

static uint32_t next_rank(struct bytes *text)
{
    uint32_t point;
    size_t length = utf8_decode(bytes_slice(*text, 0, 4), &point);
    *text = bytes_slice(*text, length ? length : 1, text->length);
    return utf16_rank(length ? point : UTF8_REPLACEMENT);
}

static int compare_names(const void *left, const void *right)
{
    struct bytes a = bytes_of_string(*(const char *const *)left);
    struct bytes b = bytes_of_string(*(const char *const *)right);
    while (a.length > 0 && b.length > 0) {
        uint32_t rank_a = next_rank(&a), rank_b = next_rank(&b);
        if (rank_a != rank_b)
            return rank_a < rank_b ? -1 : 1;
    }
    return (a.length > 0) - (b.length > 0);
}

static int write_value(struct json_writer *json, const json_t *value, struct error *error);

static int write_object(struct json_writer *json, const json_t *object, struct error *error)
{
    size_t count = 0;
    const char *name;
    json_t *member;
    AUTO_FREE const char **names = memory_allocate(json_object_size(object) + 1, sizeof *names);
    json_object_foreach((json_t *)(uintptr_t)object, name, member) names[count++] = name;
    qsort(names, count, sizeof *names, compare_names);
    json_begin_object(json);
    for (size_t i = 0; i < count; i++) {
        json_key(json, names[i]);
        if (write_value(json, json_object_get(object, names[i]), error) < 0)
            return -1;
    }
    json_end_object(json);
    return 0;
}

static int write_array(struct json_writer *json, const json_t *array, struct error *error)
{
    json_begin_array(json);
    for (size_t i = 0; i < json_array_size(array); i++)
        if (write_value(json, json_array_get(array, i), error) < 0)
            return -1;
    json_end_array(json);
    return 0;
}

static int write_value(struct json_writer *json, const json_t *value, struct error *error)
{
    AUTO_BUFFER number = {0};
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(json, value, error);
    case JSON_ARRAY:
        return write_array(json, value, error);
    case JSON_STRING:
        json_bytes(json, (struct bytes){(const uint8_t *)json_string_value(value),
                                        json_string_length(value)});
        return 0;
    case JSON_INTEGER:
        if (json_integer_value(value) > INTEGER_MAX || json_integer_value(value) < -INTEGER_MAX)
            return error_set(error, "journal_not_canonical", "", "%" JSON_INTEGER_FORMAT,
                             json_integer_value(value));
        json_signed(json, json_integer_value(value));
        return 0;
    case JSON_REAL:
        canonical_append_number(&number, json_real_value(value));
        json_number(json, buffer_string(&number));
        return 0;
    case JSON_TRUE:
    case JSON_FALSE:
        json_truth(json, json_is_true(value));
        return 0;
    case JSON_NULL:
        json_nothing(json);
    }
    return 0;
}

int canonical_append(struct buffer *out, const json_t *value, struct error *error)
{
    struct json_writer json = json_writer_open(out);
    return write_value(&json, value, error);
}
