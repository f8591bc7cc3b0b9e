/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file around the objects: header, streams, object streams, cross-references, end. */
#include "disarm/verify/pdf_file.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"
#include "disarm/verify/pdf_syntax.h"
#include "disarm/verify/pdf_unseal.h"

#define HEADER "%PDF-1.7\n%\xE9\x96\xA2\xE6\x89\x80\n"

enum {
    OBJECTS_LIMIT = 1 << 23,
    OBJECTS_PER_BYTE = 8, /* of the file: more cannot honestly be packed into it */
    VALUE_DEPTH = 200,
};

int file_refuse(struct file *file, size_t number, const char *what)
{
    return error_set(file->error, "verify_pdf", NULL, "%s (%zu)", what, number);
}

void pdf_file_close(struct file *file)
{
    for (size_t i = 0; i < file->unpacked_count; i++)
        buffer_free(&file->unpacked[i]);
    free(file->unpacked);
    free(file->objects);
}

int file_inflate(struct file *file, size_t number, struct bytes data, struct buffer *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data.data, .avail_in = (uInt)data.length};
    if (data.length > UINT32_MAX || inflateInit(&stream) != Z_OK)
        return file_refuse(file, number, "stream too long");
    int status = Z_OK;
    size_t before = out->length;
    while (status == Z_OK) {
        size_t step = out->length < 32768 ? 32768 : out->length;
        step = step < 1 << 24 ? step : 1 << 24;
        buffer_reserve(out, step);
        stream.next_out = out->data + out->length;
        stream.avail_out = (uInt)step;
        status = inflate(&stream, Z_NO_FLUSH);
        out->length += step - stream.avail_out;
        file->job->unpacked_bytes += step - stream.avail_out;
        if (file->job->unpacked_bytes > file->job->limits->unpacked_bytes * 2)
            break;
    }
    bool whole = status == Z_STREAM_END && !stream.avail_in && out->length >= before;
    inflateEnd(&stream);
    return whole ? 0 : file_refuse(file, number, "stream is not whole");
}

/* Moves over one value; false when it is not well formed. */
static bool skip_value(struct cursor *cursor, unsigned depth)
{
    struct syntax_token token = syntax_next_value(cursor);
    switch (token.kind) {
    case SYNTAX_ARRAY:
    case SYNTAX_DICTIONARY:
        for (;;) {
            struct cursor ahead = *cursor;
            struct syntax_token next = syntax_next_value(&ahead);
            if (next.kind ==
                (token.kind == SYNTAX_ARRAY ? SYNTAX_ARRAY_END : SYNTAX_DICTIONARY_END)) {
                *cursor = ahead;
                return true;
            }
            if (depth > VALUE_DEPTH ||
                (token.kind == SYNTAX_DICTIONARY && next.kind != SYNTAX_NAME))
                return false;
            if (token.kind == SYNTAX_DICTIONARY)
                *cursor = ahead;
            if (!skip_value(cursor, depth + 1))
                return false;
        }
    case SYNTAX_END:
    case SYNTAX_BAD:
    case SYNTAX_ARRAY_END:
    case SYNTAX_DICTIONARY_END:
        return false;
    case SYNTAX_WORD:
        return syntax_is(&token, SYNTAX_WORD, "true") || syntax_is(&token, SYNTAX_WORD, "false") ||
               syntax_is(&token, SYNTAX_WORD, "null");
    default:
        return true;
    }
}

/* Moves behind a key of a dictionary, so that its value is next. */
static bool find_key(struct bytes dictionary, const char *key, struct cursor *cursor)
{
    *cursor = cursor_open(dictionary);
    syntax_next(cursor, false);
    for (;;) {
        struct syntax_token token = syntax_next(cursor, false);
        if (token.kind != SYNTAX_NAME)
            return false;
        if (bytes_equal_string(token.text, key))
            return true;
        if (!skip_value(cursor, 0))
            return false;
    }
}

int64_t file_integer(struct bytes dictionary, const char *key)
{
    struct cursor cursor;
    if (!find_key(dictionary, key, &cursor))
        return -1;
    struct syntax_token token = syntax_next_value(&cursor);
    return token.kind == SYNTAX_INTEGER || token.kind == SYNTAX_REFERENCE ? token.integer : -1;
}

struct bytes file_name(struct bytes dictionary, const char *key)
{
    struct cursor cursor;
    if (!find_key(dictionary, key, &cursor))
        return (struct bytes){0};
    struct syntax_token token = syntax_next_value(&cursor);
    return token.kind == SYNTAX_NAME ? token.text : (struct bytes){0};
}

/* Takes exactly these characters. */
static bool take(struct cursor *cursor, const char *text)
{
    struct bytes got = cursor_take(cursor, strlen(text));
    return !cursor->failed && bytes_equal_string(got, text);
}

static struct file_object *claim(struct file *file, int64_t number)
{
    if (number < 1 || number >= OBJECTS_LIMIT ||
        (uint64_t)number > file->bytes.length * OBJECTS_PER_BYTE)
        return NULL;
    if ((size_t)number >= file->count) {
        size_t count = (size_t)number * 2 + 64;
        file->objects = memory_resize(file->objects, count, sizeof *file->objects);
        memset(file->objects + file->count, 0, (count - file->count) * sizeof *file->objects);
        file->count = count;
    }
    struct file_object *object = &file->objects[number];
    if (object->present)
        return NULL;
    object->present = true;
    return object;
}

/* One stream object with all that belongs to it. Its number, or -1. */
static int64_t read_stream(struct file *file, struct cursor *cursor)
{
    size_t start = cursor->position;
    struct syntax_token token = syntax_next(cursor, false);
    int64_t number = token.kind == SYNTAX_INTEGER ? token.integer : -1;
    struct file_object *object = claim(file, number);
    if (!object || !take(cursor, " 0 obj\n"))
        return file_refuse(file, start, "no object, or one twice, at offset");
    size_t text = cursor->position;
    if (!bytes_start_with(bytes_slice(cursor->bytes, text, 2), "<<") || !skip_value(cursor, 0))
        return file_refuse(file, start, "no dictionary at offset");
    object->text = bytes_slice(cursor->bytes, text, cursor->position - text);
    int64_t length = file_integer(object->text, "Length");
    if (!take(cursor, "stream\n") || length < 0)
        return file_refuse(file, start, "no stream at offset");
    object->data = cursor_take(cursor, (size_t)length);
    if (!take(cursor, "\nendstream\nendobj\n"))
        return file_refuse(file, start, "wrong length of the stream at offset");
    object->is_stream = true;
    object->position = start;
    return number;
}

/* Keeps a buffer that texts or data of objects point into, until file_close. */
static struct buffer *keep_buffer(struct file *file)
{
    file->unpacked =
        memory_resize(file->unpacked, file->unpacked_count + 1, sizeof *file->unpacked);
    struct buffer *buffer = &file->unpacked[file->unpacked_count++];
    *buffer = (struct buffer){0};
    return buffer;
}

/* The objects of one object stream: numbers and offsets, then the values, each on its line. */
static int read_packed(struct file *file, uint32_t container)
{
    struct bytes dictionary = file->objects[container].text;
    int64_t count = file_integer(dictionary, "N"), first = file_integer(dictionary, "First");
    struct buffer *buffer = keep_buffer(file);
    if (file_inflate(file, container, file->objects[container].data, buffer))
        return -1;
    struct bytes all = buffer_bytes(buffer);
    struct cursor index = cursor_open(bytes_slice(all, 0, (size_t)first));
    struct cursor values = cursor_open(all);
    cursor_seek(&values, (size_t)first);
    for (int64_t i = 0; i < count; i++) {
        struct syntax_token number = syntax_next(&index, false);
        struct syntax_token offset = syntax_next(&index, false);
        size_t start = values.position;
        struct file_object *object =
            number.kind == SYNTAX_INTEGER ? claim(file, number.integer) : NULL;
        if (!object || offset.kind != SYNTAX_INTEGER || first < 0 ||
            offset.integer != (int64_t)start - first || !skip_value(&values, 0))
            return file_refuse(file, container, "wrong place in an object stream");
        object->text = bytes_slice(all, start, values.position - start);
        object->container = container;
        object->position = (uint64_t)i;
        if (cursor_u8(&values) != '\n')
            return file_refuse(file, container, "no line end in an object stream");
    }
    if (!take(&index, " ") || !cursor_at_end(&index) || !cursor_at_end(&values))
        return file_refuse(file, container, "more in an object stream");
    return 0;
}

/* Undoes PNG filters 1 and 2 over rows; false for any other. */
static bool unfilter(struct buffer *rows, size_t width)
{
    size_t count = rows->length / (width + 1);
    if (rows->length % (width + 1))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint8_t *row = rows->data + i * (width + 1);
        if (row[0] != 1 && row[0] != 2)
            return false;
        for (size_t k = 1; k <= width; k++) {
            uint8_t left = k > 1 ? row[k - 1] : 0;
            uint8_t up = i ? (row - (width + 1))[k] : 0;
            row[k] = (uint8_t)(row[k] + (row[0] == 1 ? left : up));
        }
    }
    return true;
}

static uint64_t field(const uint8_t **at, unsigned width)
{
    uint64_t value = 0;
    while (width-- > 0)
        value = value << 8 | *(*at)++;
    return value;
}

/* Every row of the cross-reference stream says where the object really stands. */
static int check_references(struct file *file, uint32_t self)
{
    struct bytes dictionary = file->objects[self].text;
    struct cursor cursor;
    AUTO_BUFFER rows = {0};
    if (!find_key(dictionary, "W", &cursor) || !take(&cursor, "[1 "))
        return file_refuse(file, self, "no W");
    struct syntax_token wide = syntax_next(&cursor, false);
    if (wide.kind != SYNTAX_INTEGER || wide.integer < 1 || wide.integer > 8 ||
        !take(&cursor, " 2]"))
        return file_refuse(file, self, "wrong W");
    unsigned width = (unsigned)wide.integer;
    if (file_inflate(file, self, file->objects[self].data, &rows))
        return -1;
    if (!unfilter(&rows, width + 3) || file_integer(dictionary, "Size") < 1 ||
        rows.length / (width + 4) != (size_t)file_integer(dictionary, "Size"))
        return file_refuse(file, self, "wrong rows");
    size_t count = rows.length / (width + 4);
    for (size_t i = 0; i < (file->count > count ? file->count : count); i++) {
        const struct file_object *object = i < file->count ? &file->objects[i] : NULL;
        bool present = object && object->present;
        if (i >= count && present)
            return file_refuse(file, i, "object without a row");
        if (i >= count)
            continue;
        const uint8_t *at = rows.data + i * (width + 4) + 1;
        uint64_t type = field(&at, 1), first = field(&at, width), second = field(&at, 2);
        uint64_t place = present && object->container ? object->container
                         : present                    ? object->position
                                                      : 0;
        uint64_t inner = present && object->container ? object->position : i ? 0 : 65535;
        if (type != (!present            ? 0u
                     : object->container ? 2u
                                         : 1u) ||
            first != place || second != inner || (i && !present))
            return file_refuse(file, i, "wrong row for object");
    }
    return 0;
}

/* The end: where the cross-reference stream begins, and the last line. */
static int check_end(struct file *file, struct cursor *cursor, uint32_t last)
{
    if (!take(cursor, "startxref\n"))
        return file_refuse(file, cursor->position, "no end at offset");
    struct syntax_token offset = syntax_next(cursor, false);
    if (offset.kind != SYNTAX_INTEGER || (uint64_t)offset.integer != file->objects[last].position ||
        !take(cursor, "\n%%EOF\n") || !cursor_at_end(cursor))
        return file_refuse(file, cursor->position, "wrong end at offset");
    return 0;
}

static int read_body(struct file *file, struct cursor *cursor, uint32_t *last)
{
    if (!take(cursor, HEADER))
        return file_refuse(file, 0, "wrong header");
    *last = 0;
    while (!bytes_start_with(bytes_slice(cursor->bytes, cursor->position, 9), "startxref")) {
        int64_t number = read_stream(file, cursor);
        if (number < 0)
            return -1;
        *last = (uint32_t)number;
    }
    return *last ? 0 : file_refuse(file, 0, "no object");
}

/* Decrypts the data of all streams when the file was closed with the password. */
static int open_sealed(struct file *file, uint32_t last)
{
    struct cursor cursor;
    uint8_t key[32];
    if (!find_key(file->objects[last].text, "Encrypt", &cursor))
        return 0;
    size_t start = cursor.position;
    if (!skip_value(&cursor, 0) ||
        !unseal_key(bytes_slice(cursor.bytes, start, cursor.position - start), file->job->password,
                    key))
        return file_refuse(file, last, "the password does not open it");
    for (size_t i = 1; i < file->count; i++) {
        struct file_object *object = &file->objects[i];
        if (!object->is_stream || i == last)
            continue;
        struct buffer *opened = keep_buffer(file);
        if (!unseal_stream(key, object->data, opened))
            return file_refuse(file, i, "wrong encryption of object");
        object->data = buffer_bytes(opened);
    }
    explicit_bzero(key, sizeof key);
    return 0;
}

/* Unpacks the object streams. */
static int open_packed(struct file *file, uint32_t last)
{
    size_t streams = file->count;
    for (size_t i = 1; i < streams; i++) {
        if (!file->objects[i].is_stream)
            continue;
        bool packed = bytes_equal_string(file_name(file->objects[i].text, "Type"), "ObjStm");
        file->objects[i].structural = packed || i == last;
        if (packed && read_packed(file, (uint32_t)i))
            return -1;
    }
    return 0;
}

int pdf_file_open(struct file *file, struct verify_job *job, struct bytes bytes,
                  struct error *error)
{
    *file = (struct file){.job = job, .bytes = bytes, .error = error};
    struct cursor cursor = cursor_open(bytes);
    uint32_t last = 0;
    if (read_body(file, &cursor, &last) || check_end(file, &cursor, last) ||
        open_sealed(file, last) || open_packed(file, last))
        return -1;
    struct bytes trailer = file->objects[last].text;
    if (!bytes_equal_string(file_name(trailer, "Type"), "XRef"))
        return file_refuse(file, last, "the last object is no cross-reference stream");
    int64_t root = file_integer(trailer, "Root"), info = file_integer(trailer, "Info");
    if (root < 1 || (size_t)root >= file->count)
        return file_refuse(file, last, "no catalogue");
    file->root = (uint32_t)root;
    file->info = info > 0 && (size_t)info < file->count ? (uint32_t)info : 0;
    return check_references(file, last);
}
