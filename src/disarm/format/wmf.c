/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * WMF ([MS-WMF]): placeable header, header, and the drawing records of the list in wmf_record.c.
 * Escapes (SETABORTPROC, embedded PostScript and EMF) have no entry there.
 */
#include "base/cursor.h"
#include "disarm/format/picture.h"
#include "disarm/format/wmf_record.h"

#define PLACEABLE_KEY    0x9AC6CDD7
#define PLACEABLE_LENGTH 22
#define HEADER_LENGTH    18

/* The placeable header (2.3.2.3) with its checksum made anew. */
static void append_placeable(struct bytes in, struct buffer *out)
{
    size_t start = out->length;
    uint16_t sum = 0;
    buffer_append_u32le(out, PLACEABLE_KEY);
    buffer_append_u16le(out, 0);
    buffer_append_bytes(out, bytes_slice(in, 6, 10)); /* bounds, units per inch */
    buffer_append_u32le(out, 0);
    for (size_t i = start; i < out->length; i += 2)
        sum ^= (uint16_t)(out->data[i] | out->data[i + 1] << 8);
    buffer_append_u16le(out, sum);
}

/* META_HEADER (2.3.2.2). */
static void append_header(const struct wmf *wmf, size_t records_length, struct buffer *out)
{
    buffer_append_u16le(out, 1);
    buffer_append_u16le(out, HEADER_LENGTH / 2);
    buffer_append_u16le(out, 0x0300);
    buffer_append_u32le(out, (uint32_t)((HEADER_LENGTH + records_length) / 2));
    buffer_append_u16le(out, wmf->objects);
    buffer_append_u32le(out, wmf->largest);
    buffer_append_u16le(out, 0);
}

/* Writes all records but the last into records; *position: where they ended. */
static int rebuild_records(struct wmf *wmf, struct bytes in, size_t *position,
                           struct buffer *records, struct error *error)
{
    for (;;) {
        struct cursor cursor = cursor_open(bytes_slice(in, *position, SIZE_MAX));
        size_t length = (size_t)cursor_u32le(&cursor) * 2;
        uint16_t function = cursor_u16le(&cursor);
        struct bytes body = cursor_take(&cursor, length < 6 ? SIZE_MAX : length - 6);
        if (cursor.failed) {
            wmf->damaged = true;
            return 0;
        }
        *position += length;
        if (function == WMF_EOF)
            return 0;
        size_t before = records->length;
        if (wmf_record_append(wmf, function, body, records, error))
            return -1;
        size_t words = (records->length - before) / 2;
        wmf->largest = words > wmf->largest ? (uint32_t)words : wmf->largest;
        if (!words)
            wmf->dropped_bytes += length;
    }
}

static int rebuild(struct wmf *wmf, struct bytes in, struct buffer *records, size_t *position,
                   struct error *error)
{
    struct cursor cursor = cursor_open(bytes_slice(in, *position, HEADER_LENGTH));
    uint16_t type = cursor_u16le(&cursor), header = cursor_u16le(&cursor);
    cursor_skip(&cursor, 6);
    wmf->objects = cursor_u16le(&cursor);
    cursor_skip(&cursor, 6);
    if (cursor.failed || (type != 1 && type != 2) || header != HEADER_LENGTH / 2)
        return error_set(error, "bad_picture", wmf->job->path, "WMF");
    *position += HEADER_LENGTH;
    wmf->largest = 3;
    if (rebuild_records(wmf, in, position, records, error))
        return -1;
    if (!wmf->drawn)
        return error_set(error, "picture_unsupported", wmf->job->path, "WMF");
    buffer_append_u32le(records, 3);
    buffer_append_u16le(records, WMF_EOF);
    return 0;
}

int picture_rebuild_wmf(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    struct wmf wmf = {.job = job};
    AUTO_BUFFER records = {0};
    struct cursor cursor = cursor_open(in);
    bool placeable = cursor_u32le(&cursor) == PLACEABLE_KEY && in.length >= PLACEABLE_LENGTH;
    size_t position = placeable ? PLACEABLE_LENGTH : 0, before = out->length;
    if (rebuild(&wmf, in, &records, &position, error))
        return -1;
    if (placeable)
        append_placeable(in, out);
    append_header(&wmf, records.length, out);
    buffer_append_bytes(out, buffer_bytes(&records));
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, wmf.damaged ? "picture_repaired" : "",
               position, out->length - before);
    if (wmf.dropped_bytes)
        job_record(job, NULL, "picture_block", RECEIPT_DROPPED, "picture_not_drawing",
                   wmf.dropped_bytes, 0);
    if (position < in.length)
        job_record(job, NULL, "picture_tail", RECEIPT_DROPPED, "picture_behind_end",
                   in.length - position, 0);
    return 0;
}
