/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EMF ([MS-EMF]): header, drawing records of the list in emf_record.c, and the end, all written
 * anew. Comments (EMF+, embedded files), escapes and colour profiles have no entry there.
 */
#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/emf_record.h"
#include "disarm/format/picture.h"

#define HEADER_LENGTH 108
#define HEADER_LEAST  88
#define SIGNATURE     0x464D4520 /* " EMF" */
#define HANDLES_LIMIT 65535

/* EMR_HEADER (2.3.4.2) with the extensions 1 and 2; sizes and counts are put in at the end. */
static void append_header(const struct emf *emf, struct bytes record, struct buffer *out)
{
    buffer_append_u32le(out, EMF_HEADER);
    buffer_append_u32le(out, HEADER_LENGTH);
    buffer_append_bytes(out, bytes_slice(record, 8, 32)); /* bounds, frame */
    buffer_append_u32le(out, SIGNATURE);
    buffer_append_u32le(out, 0x00010000);
    buffer_append_u32le(out, 0); /* bytes */
    buffer_append_u32le(out, 0); /* records */
    buffer_append_u16le(out, (uint16_t)emf->handle_count);
    buffer_append_u16le(out, 0);
    buffer_append_u64le(out, 0);                           /* description */
    buffer_append_u32le(out, 0);                           /* palette entries */
    buffer_append_bytes(out, bytes_slice(record, 72, 16)); /* device, millimetres */
    buffer_append_u64le(out, 0);                           /* pixel format */
    buffer_append_u32le(out, 0);                           /* OpenGL */
    struct bytes micrometers = bytes_slice(record, 100, 8);
    buffer_append_bytes(out, micrometers.length == 8
                                 ? micrometers
                                 : (struct bytes){(const uint8_t *)"\0\0\0\0\0\0\0", 8});
}

static void append_end(struct buffer *out)
{
    buffer_append_u32le(out, EMF_EOF);
    buffer_append_u32le(out, 20);
    buffer_append_u32le(out, 0);
    buffer_append_u32le(out, 16);
    buffer_append_u32le(out, 20);
}

/* The next record as a view of all its bytes; empty at the end or where the file is broken. */
static struct bytes next_record(struct bytes in, size_t position, uint32_t *type)
{
    struct cursor cursor = cursor_open(bytes_slice(in, position, SIZE_MAX));
    *type = cursor_u32le(&cursor);
    uint32_t size = cursor_u32le(&cursor);
    cursor_seek(&cursor, 0);
    struct bytes record = cursor_take(&cursor, size < 8 ? SIZE_MAX : size);
    return cursor.failed ? (struct bytes){0} : record;
}

/* Writes all records between header and end; returns where they ended in the input. */
static int rebuild_records(struct emf *emf, struct bytes in, size_t *position, struct buffer *out,
                           struct error *error)
{
    for (;;) {
        uint32_t type;
        struct bytes record = next_record(in, *position, &type);
        emf->damaged |= !record.length;
        *position += record.length;
        if (!record.length || type == EMF_EOF)
            return 0;
        struct error own = {0}; /* of a record that is dropped */
        size_t before = out->length;
        if (emf_record_append(emf, type, record, out, &own)) {
            if (!strncmp(own.code, "limit_", 6))
                return error_set(error, own.code, own.where, "%s", own.detail);
            out->length = before;
        }
        if (out->length == before)
            emf->dropped_bytes += record.length;
        else
            emf->record_count++;
    }
}

static int rebuild(struct emf *emf, struct bytes in, struct buffer *out, struct error *error)
{
    struct job *job = emf->job;
    uint32_t type;
    struct bytes header = next_record(in, 0, &type);
    struct cursor cursor = cursor_open(header);
    cursor_seek(&cursor, 40);
    uint32_t signature = cursor_u32le(&cursor);
    cursor_seek(&cursor, 56);
    emf->handle_count = cursor_u16le(&cursor);
    if (type != EMF_HEADER || header.length < HEADER_LEAST || signature != SIGNATURE)
        return error_set(error, "bad_picture", job->path, "EMF");
    emf->handle_count = emf->handle_count ? emf->handle_count : 1;
    emf->handles = memory_allocate(HANDLES_LIMIT + 1, sizeof *emf->handles);
    size_t start = out->length, position = header.length;
    append_header(emf, header, out);
    if (rebuild_records(emf, in, &position, out, error))
        return -1;
    if (emf->drawn == 0 && emf->dropped_bytes)
        return error_set(error, "picture_unsupported", job->path, "EMF+");
    append_end(out);
    emf_patch_u32(out, start + 48, (uint32_t)(out->length - start));
    emf_patch_u32(out, start + 52, emf->record_count + 2);
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, emf->damaged ? "picture_repaired" : "",
               position, out->length - start);
    if (emf->dropped_bytes)
        job_record(job, NULL, "picture_block", RECEIPT_DROPPED, "picture_not_drawing",
                   emf->dropped_bytes, 0);
    if (position < in.length)
        job_record(job, NULL, "picture_tail", RECEIPT_DROPPED, "picture_behind_end",
                   in.length - position, 0);
    return 0;
}

int picture_rebuild_emf(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    struct emf emf = {.job = job};
    AUTO_BUFFER made = {0};
    int result = rebuild(&emf, in, &made, error);
    if (result == 0)
        buffer_append_bytes(out, buffer_bytes(&made));
    free(emf.handles);
    return result;
}
