/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of Content-Type and Content-Disposition: RFC 2045 section 5.1 and RFC 2231. */
#include <ctype.h>
#include <strings.h>

#include "base/cursor.h"
#include "disarm/format/mime_read.h"
#include "disarm/format/mime_transfer.h"
#include "disarm/format/mime_words.h"

/* Longer fields are cut: joining sections reads a field once for each of them. */
#define FIELD_BYTES (32u << 10)

/* One "name=value" as it stands; value without quotes and escapes. */
struct parameter {
    struct bytes name; /* without "*0*" */
    int section;       /* of RFC 2231, -1: whole */
    bool extended;     /* percent-encoded, the first section with its charset */
    struct buffer value;
};

static bool at_char(const struct cursor *cursor, char wanted)
{
    return cursor_remaining(cursor) && cursor->bytes.data[cursor->position] == (uint8_t)wanted;
}

static void skip_space(struct cursor *cursor)
{
    while (cursor_remaining(cursor) && isspace(cursor->bytes.data[cursor->position]))
        cursor_skip(cursor, 1);
}

static void take_quoted(struct cursor *cursor, struct buffer *value)
{
    cursor_skip(cursor, 1);
    while (cursor_remaining(cursor)) {
        uint8_t byte = cursor_u8(cursor);
        if (byte == '"')
            return;
        /* A backslash before anything but a quote or itself is what Windows users mean by it. */
        if (byte == '\\' && (at_char(cursor, '"') || at_char(cursor, '\\')))
            byte = cursor_u8(cursor);
        buffer_append_byte(value, byte);
    }
}

static void take_token(struct cursor *cursor, struct buffer *value)
{
    while (cursor_remaining(cursor) && !at_char(cursor, ';'))
        buffer_append_byte(value, cursor_u8(cursor));
    while (value->length && isspace(value->data[value->length - 1]))
        value->length--;
}

/* "filename*0*": takes the marks of RFC 2231 off the name. */
static void read_marks(struct parameter *parameter)
{
    struct bytes *name = &parameter->name;
    parameter->section = -1;
    parameter->extended = name->length && name->data[name->length - 1] == '*';
    if (parameter->extended)
        name->length--;
    size_t star = bytes_find(*name, 0, "*");
    if (star == SIZE_MAX)
        return;
    int section = 0;
    for (size_t i = star + 1; i < name->length && section < 1000; i++)
        section = isdigit(name->data[i]) ? section * 10 + name->data[i] - '0' : 1000;
    parameter->section = section;
    name->length = star;
}

/* Takes the next parameter; false at the end. */
static bool take_parameter(struct cursor *cursor, struct parameter *parameter)
{
    buffer_clear(&parameter->value);
    while (cursor_remaining(cursor) && !at_char(cursor, ';')) {
        if (at_char(cursor, '"'))
            take_quoted(cursor, &parameter->value);
        else
            cursor_skip(cursor, 1);
    }
    if (!cursor_remaining(cursor))
        return false;
    buffer_clear(&parameter->value);
    cursor_skip(cursor, 1);
    skip_space(cursor);
    size_t start = cursor->position;
    while (cursor_remaining(cursor) && !strchr("=; \t\r\n", cursor->bytes.data[cursor->position]))
        cursor_skip(cursor, 1);
    parameter->name = bytes_slice(cursor->bytes, start, cursor->position - start);
    read_marks(parameter);
    skip_space(cursor);
    if (!at_char(cursor, '='))
        return true;
    cursor_skip(cursor, 1);
    skip_space(cursor);
    if (at_char(cursor, '"'))
        take_quoted(cursor, &parameter->value);
    else
        take_token(cursor, &parameter->value);
    return true;
}

static void append_percent(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.length; i++) {
        int high = i + 2 < text.length ? mime_hex_value(text.data[i + 1]) : -1;
        int low = i + 2 < text.length ? mime_hex_value(text.data[i + 2]) : -1;
        if (text.data[i] == '%' && high >= 0 && low >= 0) {
            buffer_append_byte(out, (uint8_t)(high << 4 | low));
            i += 2;
        } else {
            buffer_append_byte(out, text.data[i]);
        }
    }
}

/* Takes "charset'language'" off the first section of an extended value. */
static struct bytes take_charset(struct bytes *value)
{
    size_t first = bytes_find(*value, 0, "'");
    size_t second = first == SIZE_MAX ? SIZE_MAX : bytes_find(*value, first + 1, "'");
    if (second == SIZE_MAX)
        return (struct bytes){NULL, 0};
    struct bytes charset = bytes_slice(*value, 0, first);
    *value = bytes_slice(*value, second + 1, value->length);
    return charset;
}

static bool has_name(const struct parameter *parameter, const char *name)
{
    return parameter->name.length == strlen(name) &&
           !strncasecmp((const char *)parameter->name.data, name, parameter->name.length);
}

/* Joins the sections of RFC 2231, or takes the single extended value. */
static bool join_sections(struct bytes field, const char *name, struct buffer *out)
{
    AUTO_BUFFER bytes = {0}, charset = {0};
    struct parameter parameter = {0};
    bool any = false;
    for (int section = 0;; section++) {
        struct cursor cursor = cursor_open(field);
        bool found = false;
        while (!found && take_parameter(&cursor, &parameter)) {
            bool whole = section == 0 && parameter.section < 0 && parameter.extended;
            found = has_name(&parameter, name) && (parameter.section == section || whole);
        }
        if (!found)
            break;
        struct bytes value = buffer_bytes(&parameter.value);
        if (parameter.extended && section == 0)
            buffer_append_bytes(&charset, take_charset(&value));
        if (parameter.extended)
            append_percent(value, &bytes);
        else
            buffer_append_bytes(&bytes, value);
        any = true;
    }
    buffer_free(&parameter.value);
    if (any)
        mime_decode_charset(buffer_bytes(&bytes), buffer_bytes(&charset), out);
    return any;
}

bool mime_parameter(struct bytes value, const char *name, struct buffer *out)
{
    value = bytes_slice(value, 0, FIELD_BYTES);
    if (join_sections(value, name, out))
        return true;
    struct cursor cursor = cursor_open(value);
    struct parameter parameter = {0};
    bool found = false;
    while (!found && take_parameter(&cursor, &parameter))
        found = has_name(&parameter, name) && parameter.section < 0 && parameter.value.length;
    if (found)
        mime_decode_words_raw(buffer_bytes(&parameter.value), out);
    buffer_free(&parameter.value);
    return found;
}
