/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing well-formed JSON. */
#include "base/json.h"

#include <inttypes.h>

#include "base/utf8.h"

static void separate(struct json_writer *json)
{
    if (json->need_comma)
        buffer_append_byte(json->out, ',');
    json->need_comma = true;
}

static void open_container(struct json_writer *json, uint8_t bracket)
{
    separate(json);
    buffer_append_byte(json->out, bracket);
    json->need_comma = false;
}

static void close_container(struct json_writer *json, uint8_t bracket)
{
    buffer_append_byte(json->out, bracket);
    json->need_comma = true;
}

void json_begin_object(struct json_writer *json)
{
    open_container(json, '{');
}

void json_end_object(struct json_writer *json)
{
    close_container(json, '}');
}

void json_begin_array(struct json_writer *json)
{
    open_container(json, '[');
}

void json_end_array(struct json_writer *json)
{
    close_container(json, ']');
}

static void append_escaped(struct buffer *out, uint32_t point)
{
    switch (point) {
    case '"':
        buffer_append_string(out, "\\\"");
        break;
    case '\\':
        buffer_append_string(out, "\\\\");
        break;
    case '\b':
        buffer_append_string(out, "\\b");
        break;
    case '\f':
        buffer_append_string(out, "\\f");
        break;
    case '\n':
        buffer_append_string(out, "\\n");
        break;
    case '\r':
        buffer_append_string(out, "\\r");
        break;
    case '\t':
        buffer_append_string(out, "\\t");
        break;
    default:
        if (point < 0x20)
            buffer_append_format(out, "\\u%04x", (unsigned)point);
        else
            utf8_append(out, point);
    }
}

static void append_quoted(struct buffer *out, struct bytes text)
{
    buffer_append_byte(out, '"');
    size_t at = 0;
    while (at < text.length) {
        uint32_t point;
        size_t length = utf8_decode(bytes_slice(text, at, 4), &point);
        append_escaped(out, length ? point : UTF8_REPLACEMENT);
        at += length ? length : 1;
    }
    buffer_append_byte(out, '"');
}

void json_key(struct json_writer *json, const char *key)
{
    separate(json);
    append_quoted(json->out, bytes_of_string(key));
    buffer_append_byte(json->out, ':');
    json->need_comma = false;
}

void json_bytes(struct json_writer *json, struct bytes utf8)
{
    separate(json);
    append_quoted(json->out, utf8);
}

void json_text(struct json_writer *json, const char *value)
{
    if (value)
        json_bytes(json, bytes_of_string(value));
    else
        json_nothing(json);
}

void json_unsigned(struct json_writer *json, uint64_t value)
{
    separate(json);
    buffer_append_format(json->out, "%" PRIu64, value);
}

void json_signed(struct json_writer *json, int64_t value)
{
    separate(json);
    buffer_append_format(json->out, "%" PRId64, value);
}

void json_number(struct json_writer *json, const char *number)
{
    separate(json);
    buffer_append_string(json->out, number);
}

void json_truth(struct json_writer *json, bool value)
{
    separate(json);
    buffer_append_string(json->out, value ? "true" : "false");
}

void json_nothing(struct json_writer *json)
{
    separate(json);
    buffer_append_string(json->out, "null");
}

void json_member_string(struct json_writer *json, const char *key, const char *value)
{
    json_key(json, key);
    json_text(json, value);
}

void json_member_unsigned(struct json_writer *json, const char *key, uint64_t value)
{
    json_key(json, key);
    json_unsigned(json, value);
}

void json_member_boolean(struct json_writer *json, const char *key, bool value)
{
    json_key(json, key);
    json_truth(json, value);
}
