/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of people in any encoding: what was read is written down with every field in quotation
 * marks, and must be read as the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "fuzz.h"
#include "identity/import_table.h"

static void append_field(struct buffer *out, const char *field)
{
    buffer_append_byte(out, '"');
    for (; *field; field++) {
        if (*field == '"')
            buffer_append_byte(out, '"');
        buffer_append_byte(out, (uint8_t)*field);
    }
    buffer_append_byte(out, '"');
}

/* Writes every row of a table; the number of rows, or -1 when it is none. */
static int copy(struct bytes text, struct buffer *out)
{
    struct import_reader reader = import_reader_open(text);
    int rows = 0, found;
    while ((found = import_reader_next(&reader)) == 1) {
        if (reader.count > IMPORT_FIELDS || reader.line > reader.next_line)
            abort();
        for (size_t i = 0; i < reader.count; i++) {
            if (i)
                buffer_append_byte(out, ',');
            append_field(out, import_reader_field(&reader, i));
        }
        buffer_append_byte(out, '\n');
        rows++;
    }
    import_reader_free(&reader);
    return found < 0 ? -1 : rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUFFER text = {0}, once = {0}, twice = {0};
    struct bytes table = {data, size};
    enum encoding encoding = encoding_detect(table), marked;
    size_t mark = encoding_mark(table, &marked);
    if (encoding == ENCODING_UNKNOWN ||
        encoding_to_utf8(encoding, bytes_slice(table, mark, size), &text) != 0 ||
        (text.length && memchr(text.data, '\0', text.length)))
        return 0; /* a NUL ends a field, and what stands before it may end in spaces */
    int rows = copy(buffer_bytes(&text), &once);
    if (rows < 0)
        return 0;
    if (copy(buffer_bytes(&once), &twice) != rows ||
        !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
        abort();
    return 0;
}
