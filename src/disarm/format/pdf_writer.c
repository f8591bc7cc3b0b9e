/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a PDF file. */
#include "disarm/format/pdf_writer.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/pdf_filter.h"

enum { OBJECTS_PACKED = 200 }; /* in one object stream */

void pdf_writer_open(struct pdf_writer *writer, struct buffer *out)
{
    *writer = (struct pdf_writer){.out = out, .count = 1};
    buffer_append(out, "%PDF-1.7\n%\xE9\x96\xA2\xE6\x89\x80\n", 17);
}

void pdf_writer_close(struct pdf_writer *writer)
{
    free(writer->placed);
    buffer_free(&writer->packed);
    buffer_free(&writer->index);
}

uint32_t pdf_writer_reserve(struct pdf_writer *writer)
{
    if (writer->count >= writer->capacity) {
        writer->capacity = writer->capacity ? writer->capacity * 2 : 64;
        writer->placed = memory_resize(writer->placed, writer->capacity, sizeof *writer->placed);
    }
    writer->placed[writer->count] = (struct pdf_placed){0};
    return writer->count++;
}

static void begin_object(struct pdf_writer *writer, uint32_t number)
{
    writer->placed[number] = (struct pdf_placed){.offset = writer->out->length, .written = true};
    buffer_append_format(writer->out, "%" PRIu32 " 0 obj\n", number);
}

static void put_stream(struct pdf_writer *writer, uint32_t number, struct bytes dictionary,
                       struct bytes data, bool deflate, const struct pdf_seal *seal)
{
    AUTO_BUFFER packed = {0}, sealed = {0};
    if (deflate) {
        pdf_filter_deflate(data, &packed);
        data = buffer_bytes(&packed);
    }
    if (seal) {
        pdf_seal_encrypt(seal, data, &sealed);
        data = buffer_bytes(&sealed);
    }
    begin_object(writer, number);
    buffer_append_string(writer->out, "<<");
    buffer_append_bytes(writer->out, dictionary);
    if (deflate)
        buffer_append_string(writer->out, "/Filter/FlateDecode");
    buffer_append_format(writer->out, "/Length %zu>>stream\n", data.length);
    buffer_append_bytes(writer->out, data);
    buffer_append_string(writer->out, "\nendstream\nendobj\n");
}

void pdf_writer_put_stream(struct pdf_writer *writer, uint32_t number, struct bytes dictionary,
                           struct bytes data, bool deflate)
{
    put_stream(writer, number, dictionary, data, deflate, writer->seal);
}

/* Writes the current object stream, if there is one. */
static void flush_packed(struct pdf_writer *writer)
{
    if (!writer->packed_count)
        return;
    AUTO_BUFFER dictionary = {0}, data = {0};
    buffer_append_format(&dictionary, "/Type/ObjStm/N %" PRIu32 "/First %zu", writer->packed_count,
                         writer->index.length);
    buffer_append_bytes(&data, buffer_bytes(&writer->index));
    buffer_append_bytes(&data, buffer_bytes(&writer->packed));
    pdf_writer_put_stream(writer, writer->packed_number, buffer_bytes(&dictionary),
                          buffer_bytes(&data), true);
    buffer_clear(&writer->packed);
    buffer_clear(&writer->index);
    writer->packed_count = 0;
}

void pdf_writer_put(struct pdf_writer *writer, uint32_t number, struct bytes text)
{
    if (!writer->packed_count)
        writer->packed_number = pdf_writer_reserve(writer);
    buffer_append_format(&writer->index, "%" PRIu32 " %zu ", number, writer->packed.length);
    buffer_append_bytes(&writer->packed, text);
    buffer_append_byte(&writer->packed, '\n');
    writer->placed[number] = (struct pdf_placed){
        .offset = writer->packed_count, .container = writer->packed_number, .written = true};
    if (++writer->packed_count == OBJECTS_PACKED)
        flush_packed(writer);
}

/* An identifier made of the content alone: two FNV-1a sums over what was written. */
static void append_identifier(struct buffer *out, struct bytes body)
{
    uint64_t sums[2] = {UINT64_C(0xcbf29ce484222325), UINT64_C(0x84222325cbf29ce4)};
    for (size_t i = 0; i < body.length; i++) {
        sums[0] = (sums[0] ^ body.data[i]) * UINT64_C(0x100000001b3);
        sums[1] = (sums[1] + body.data[i]) * UINT64_C(0x100000001b3);
    }
    buffer_append_format(out, "%016" PRIX64 "%016" PRIX64, sums[0], sums[1]);
}

static unsigned bytes_needed(uint64_t value)
{
    unsigned bytes = 1;
    while (value >>= 8)
        bytes++;
    return bytes;
}

static void append_field(struct buffer *out, uint64_t value, unsigned bytes)
{
    while (bytes-- > 0)
        buffer_append_byte(out, (uint8_t)(value >> (8 * bytes)));
}

void pdf_writer_finish(struct pdf_writer *writer, uint32_t root, uint32_t info)
{
    flush_packed(writer);
    size_t body = writer->out->length;
    uint32_t self = pdf_writer_reserve(writer);
    writer->placed[self] = (struct pdf_placed){.offset = body, .written = true};
    unsigned wide = bytes_needed(body > writer->count ? body : writer->count), narrow = 2;
    AUTO_BUFFER rows = {0}, table = {0}, dictionary = {0};
    for (uint32_t i = 0; i < writer->count; i++) {
        const struct pdf_placed *placed = &writer->placed[i];
        bool used = i && placed->written;
        append_field(&rows, !used ? 0 : placed->container ? 2 : 1, 1);
        append_field(&rows,
                     !used               ? 0
                     : placed->container ? placed->container
                                         : placed->offset,
                     wide);
        append_field(&rows,
                     !used               ? (i ? 0 : 65535)
                     : placed->container ? placed->offset
                                         : 0,
                     narrow);
    }
    size_t row = 1 + wide + narrow;
    pdf_filter_predict(buffer_bytes(&rows), row, 1, &table);
    buffer_append_format(&dictionary,
                         "/Type/XRef/Size %" PRIu32 "/W[1 %u %u]/DecodeParms<</Predictor 15"
                         "/Columns %zu>>/Root %" PRIu32 " 0 R",
                         writer->count, wide, narrow, row, root);
    if (info)
        buffer_append_format(&dictionary, "/Info %" PRIu32 " 0 R", info);
    AUTO_BUFFER identifier = {0};
    append_identifier(&identifier, buffer_bytes(writer->out));
    buffer_append_format(&dictionary, "/ID[<%s><%s>]", buffer_string(&identifier),
                         buffer_string(&identifier));
    if (writer->seal) {
        buffer_append_string(&dictionary, "/Encrypt");
        buffer_append_bytes(&dictionary, buffer_bytes(&writer->seal->dictionary));
    }
    put_stream(writer, self, buffer_bytes(&dictionary), buffer_bytes(&table), true, NULL);
    buffer_append_format(writer->out, "startxref\n%zu\n%%%%EOF\n", body);
}
