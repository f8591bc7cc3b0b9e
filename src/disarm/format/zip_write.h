/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing a ZIP file in one narrow form (PKWARE APPNOTE 6.3): members one behind the other without
 * gaps, sizes and CRC in the local header, no data descriptors, no extra fields unless given, ZIP64
 * only where a size needs it. The same calls give the same bytes.
 */
#ifndef DISARM_FORMAT_ZIP_WRITE_H
#define DISARM_FORMAT_ZIP_WRITE_H

#include "base/buffer.h"
#include "base/error.h"

/* 1980-01-01 00:00: the date of members that have none. */
enum { ZIP_NO_TIME = 0, ZIP_NO_DATE = 0x21 };

struct zip_writer {
    struct buffer *out;    /* borrowed; the ZIP file starts where it ended on opening */
    size_t start;          /* of the ZIP file in out */
    struct buffer central; /* the directory, grown beside */
    uint64_t count;
    void *deflater;
};

/* How a member that is already packed (and perhaps encrypted) is described. */
struct zip_packed {
    struct bytes name;  /* UTF-8 or ASCII */
    struct bytes extra; /* extra fields for both headers, without ZIP64 */
    struct bytes data;
    uint64_t unpacked_length;
    uint32_t crc32;
    uint16_t method;
    uint16_t flags; /* the UTF-8 flag is added where the name needs it */
    uint16_t time;
    uint16_t date;
};

/* Starts a ZIP file at the end of out. level: 0 stores, 1-12 as libdeflate. */
void zip_writer_open(struct zip_writer *writer, struct buffer *out, int level);

/* Adds a member, packed by DEFLATE where that makes it smaller. */
void zip_writer_add(struct zip_writer *writer, struct bytes name, struct bytes data, uint16_t time,
                    uint16_t date);

/* Adds a member that the caller packed. */
void zip_writer_add_packed(struct zip_writer *writer, const struct zip_packed *member);

/* Appends what raw DEFLATE makes of data; false (and nothing appended) when it is not smaller. */
bool zip_writer_deflate(struct zip_writer *writer, struct bytes data, struct buffer *packed);

/* Writes the directory and gives the memory back. A writer that was not finished is just freed. */
void zip_writer_finish(struct zip_writer *writer);
void zip_writer_free(struct zip_writer *writer);

#endif
