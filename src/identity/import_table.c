/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a table in CSV: commas, quotation marks doubled inside quotation marks, any line end. */
#include "identity/import_table.h"

struct import_reader import_reader_open(struct bytes text)
{
    return (struct import_reader){.cursor = cursor_open(text), .next_line = 1};
}

void import_reader_free(struct import_reader *reader)
{
    for (size_t i = 0; i < IMPORT_FIELDS; i++)
        buffer_free(&reader->fields[i]);
}

const char *import_reader_field(struct import_reader *reader, size_t column)
{
    return column < reader->count ? buffer_string(&reader->fields[column]) : "";
}

/* The next byte, or -1 at the end; counts lines. */
static int take(struct import_reader *reader)
{
    if (cursor_at_end(&reader->cursor))
        return -1;
    int byte = cursor_u8(&reader->cursor);
    if (byte == '\n')
        reader->next_line++;
    return byte;
}

static int peek(const struct import_reader *reader)
{
    struct cursor ahead = reader->cursor;
    return cursor_at_end(&ahead) ? -1 : cursor_u8(&ahead);
}

/* Reads what stands in quotation marks; false when they are never closed. */
static bool read_quoted(struct import_reader *reader, struct buffer *field)
{
    for (;;) {
        int byte = take(reader);
        if (byte < 0)
            return false;
        if (byte == '"' && peek(reader) != '"')
            return true;
        if (byte == '"')
            take(reader);
        buffer_append_byte(field, (uint8_t)byte);
    }
}

/* Takes spaces off both ends, the wide one too. */
static void trim(struct buffer *field)
{
    static const char wide[] = "\xE3\x80\x80";
    struct bytes text = buffer_bytes(field);
    for (;;) {
        size_t before = text.length;
        if (bytes_start_with(text, " ") || bytes_start_with(text, "\t"))
            text = bytes_slice(text, 1, text.length);
        if (bytes_start_with(text, wide))
            text = bytes_slice(text, 3, text.length);
        if (text.length &&
            (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t'))
            text.length--;
        if (text.length >= 3 && !memcmp(text.data + text.length - 3, wide, 3))
            text.length -= 3;
        if (text.length == before)
            break;
    }
    if (text.length)
        memmove(field->data, text.data, text.length);
    field->length = text.length;
}

/* Reads one row: 1, 0 at the end, -1 when it is not of the form. */
static int read_row(struct import_reader *reader)
{
    reader->line = reader->next_line;
    reader->count = 0;
    if (peek(reader) < 0)
        return 0;
    for (;;) {
        if (reader->count == IMPORT_FIELDS)
            return -1;
        struct buffer *field = &reader->fields[reader->count++];
        buffer_clear(field);
        int byte = take(reader);
        if (byte == '"') {
            if (!read_quoted(reader, field))
                return -1;
            byte = take(reader);
        }
        for (; byte >= 0 && byte != ',' && byte != '\n'; byte = take(reader))
            if (byte != '\r')
                buffer_append_byte(field, (uint8_t)byte);
        trim(field);
        if (byte != ',')
            return 1;
    }
}

int import_reader_next(struct import_reader *reader)
{
    int found;
    do
        found = read_row(reader);
    while (found == 1 && reader->count == 1 && reader->fields[0].length == 0);
    return found;
}
