/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields, content types and the cutting of multiparts at their boundaries. */
#include "disarm/format/mime_read.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/mime_transfer.h"

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* Length of the field name that the line begins with, or 0 (RFC 5322 section 2.2; blanks before the
 * colon are allowed, as in section 4.5). *value is where the value begins. */
static size_t field_name_length(struct bytes line, size_t *value)
{
    size_t end = 0;
    while (end < line.length && line.data[end] > ' ' && line.data[end] < 0x7F &&
           line.data[end] != ':')
        end++;
    size_t colon = end;
    while (colon < line.length && is_blank(line.data[colon]))
        colon++;
    if (!end || colon >= line.length || line.data[colon] != ':')
        return 0;
    *value = colon + 1;
    return end;
}

static void add_field(struct mime_part *part, struct bytes name, struct bytes value)
{
    if ((part->field_count & (part->field_count - 1)) == 0) {
        size_t room = part->field_count ? part->field_count * 2 : 1;
        part->fields = memory_resize(part->fields, room, sizeof *part->fields);
    }
    part->fields[part->field_count++] = (struct mime_field){name, value};
}

/* Reads the fields and leaves the cursor at the body. A line that is no field ends them, as if the
 * empty line had been forgotten; an mbox line ("From …") in front is passed over. */
static void read_fields(struct cursor *cursor, struct mime_part *part)
{
    bool first = true;
    while (cursor_remaining(cursor)) {
        size_t start = cursor->position, value;
        struct bytes line = cursor_line(cursor);
        if (!line.length)
            return;
        bool envelope = bytes_start_with(line, "From ") || bytes_start_with(line, ">From ");
        size_t name_length = field_name_length(line, &value);
        if (is_blank(line.data[0]) && part->field_count) {
            struct bytes *last = &part->fields[part->field_count - 1].value;
            last->length = (size_t)(line.data + line.length - last->data);
        } else if (name_length) {
            add_field(part, bytes_slice(line, 0, name_length),
                      (struct bytes){line.data + value, line.length - value});
        } else if (!(first && envelope)) {
            *cursor = cursor_open(cursor->bytes);
            cursor_skip(cursor, start);
            return;
        }
        first = false;
    }
}

struct bytes mime_field_value(const struct mime_part *part, const char *name)
{
    for (size_t i = 0; i < part->field_count; i++) {
        const struct mime_field *field = &part->fields[i];
        if (field->name.length == strlen(name) &&
            !strncasecmp((const char *)field->name.data, name, field->name.length))
            return field->value;
    }
    return (struct bytes){NULL, 0};
}

size_t mime_field_count(const struct mime_part *part, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < part->field_count; i++)
        count += part->fields[i].name.length == strlen(name) &&
                 !strncasecmp((const char *)part->fields[i].name.data, name, strlen(name));
    return count;
}

/* A token of a type: letters, digits and - . + _ in lower case. */
static bool take_type_token(struct cursor *cursor, char *into, size_t room)
{
    size_t length = 0;
    while (cursor_remaining(cursor)) {
        uint8_t byte = cursor->bytes.data[cursor->position];
        if (!isalnum(byte) && !strchr("-.+_", byte))
            break;
        if (length + 1 >= room)
            return false;
        into[length++] = (char)tolower(byte);
        cursor_skip(cursor, 1);
    }
    into[length] = '\0';
    return length > 0;
}

static void skip_blanks(struct cursor *cursor)
{
    while (cursor_remaining(cursor) && isspace(cursor->bytes.data[cursor->position]))
        cursor_skip(cursor, 1);
}

bool mime_begins_with_field(struct bytes text)
{
    struct cursor cursor = cursor_open(text);
    struct mime_part part = {0};
    read_fields(&cursor, &part);
    bool found = part.field_count > 0;
    mime_close(&part);
    return found;
}

static void read_type(struct mime_part *part, const char *default_type)
{
    struct cursor cursor = cursor_open(mime_field_value(part, "Content-Type"));
    char major[40], minor[40];
    skip_blanks(&cursor);
    bool good = take_type_token(&cursor, major, sizeof major);
    if (good && cursor_u8(&cursor) == '/' && take_type_token(&cursor, minor, sizeof minor))
        snprintf(part->type, sizeof part->type, "%s/%s", major, minor);
    else
        snprintf(part->type, sizeof part->type, "%s", default_type);
}

static void read_transfer(struct mime_part *part)
{
    static const struct {
        const char *name;
        enum mime_transfer transfer;
    } names[] = {
        {"base64", MIME_TRANSFER_BASE64},     {"quoted-printable", MIME_TRANSFER_QUOTED},
        {"uuencode", MIME_TRANSFER_UUENCODE}, {"x-uuencode", MIME_TRANSFER_UUENCODE},
        {"x-uue", MIME_TRANSFER_UUENCODE},
    };
    struct cursor cursor = cursor_open(mime_field_value(part, "Content-Transfer-Encoding"));
    char name[24];
    skip_blanks(&cursor);
    if (!take_type_token(&cursor, name, sizeof name))
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(name, names[i].name))
            part->transfer = names[i].transfer;
    }
}

/* True when the line delimits parts; *last when it is the closing delimiter. */
static bool is_delimiter(struct bytes line, struct bytes boundary, bool *last)
{
    if (!bytes_start_with(line, "--") ||
        !bytes_equal(bytes_slice(line, 2, boundary.length), boundary))
        return false;
    struct bytes rest = bytes_slice(line, 2 + boundary.length, line.length);
    *last = bytes_start_with(rest, "--");
    if (*last)
        rest = bytes_slice(rest, 2, rest.length);
    for (size_t i = 0; i < rest.length; i++) {
        if (!is_blank(rest.data[i]))
            return false;
    }
    return true;
}

static int add_child(struct mime_part *part, struct bytes text, unsigned depth,
                     uint64_t *parts_left, struct error *error)
{
    const char *type = !strcmp(part->type, "multipart/digest") ? "message/rfc822" : "text/plain";
    if ((part->child_count & (part->child_count - 1)) == 0) {
        size_t room = part->child_count ? part->child_count * 2 : 1;
        part->children = memory_resize(part->children, room, sizeof *part->children);
    }
    return mime_read(text, type, depth + 1, parts_left, &part->children[part->child_count++],
                     error);
}

/* The part's bytes end before the line end that belongs to the delimiter (RFC 2046 5.1.1). */
static struct bytes cut_part(struct bytes body, size_t start, size_t delimiter)
{
    if (delimiter > start && body.data[delimiter - 1] == '\n')
        delimiter--;
    if (delimiter > start && body.data[delimiter - 1] == '\r')
        delimiter--;
    return bytes_slice(body, start, delimiter - start);
}

static int read_children(struct mime_part *part, unsigned depth, uint64_t *parts_left,
                         struct error *error)
{
    AUTO_BUFFER boundary = {0};
    if (!mime_parameter(mime_field_value(part, "Content-Type"), "boundary", &boundary) ||
        !boundary.length)
        return 0;
    struct cursor cursor = cursor_open(part->body);
    size_t start = SIZE_MAX;
    bool last = false;
    while (!last && cursor_remaining(&cursor)) {
        size_t at = cursor.position;
        if (!is_delimiter(cursor_line(&cursor), buffer_bytes(&boundary), &last))
            continue;
        if (start != SIZE_MAX &&
            add_child(part, cut_part(part->body, start, at), depth, parts_left, error))
            return -1;
        start = cursor.position;
    }
    if (start != SIZE_MAX && !last && cursor_remaining(&cursor) == 0 && start < part->body.length)
        return add_child(part, bytes_slice(part->body, start, part->body.length), depth, parts_left,
                         error);
    return 0;
}

int mime_read(struct bytes text, const char *default_type, unsigned depth, uint64_t *parts_left,
              struct mime_part *part, struct error *error)
{
    *part = (struct mime_part){0};
    if (!*parts_left)
        return error_set(error, "limit_members", NULL, "%s", "");
    (*parts_left)--;
    if (depth > MIME_DEPTH)
        return error_set(error, "mail_depth", NULL, "%d", MIME_DEPTH);
    struct cursor cursor = cursor_open(text);
    read_fields(&cursor, part);
    part->body = cursor_take_rest(&cursor);
    read_type(part, default_type);
    read_transfer(part);
    if (strncmp(part->type, "multipart/", 10))
        return 0;
    return read_children(part, depth, parts_left, error);
}

void mime_close(struct mime_part *part)
{
    for (size_t i = 0; i < part->child_count; i++)
        mime_close(&part->children[i]);
    free(part->children);
    free(part->fields);
    *part = (struct mime_part){0};
}

void mime_decode_body(const struct mime_part *part, struct buffer *out)
{
    size_t begin, end;
    struct bytes name;
    switch (part->transfer) {
    case MIME_TRANSFER_BASE64:
        mime_decode_base64(part->body, out);
        break;
    case MIME_TRANSFER_QUOTED:
        mime_decode_quoted(part->body, out);
        break;
    case MIME_TRANSFER_UUENCODE:
        if (mime_find_uuencoded(part->body, 0, &begin, &end, &name, out))
            break;
        __attribute__((fallthrough));
    case MIME_TRANSFER_NONE:
        buffer_append_bytes(out, part->body);
        break;
    }
}
