/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the ZIP container (PKWARE APPNOTE 6.3): the table of its members and their bytes.
 *
 * The central directory is the truth; each local header must agree with it in name and method, and
 * no two members may share bytes. Names, dates and passwords are left to the caller: what a name
 * may be differs between a package and an archive.
 */
#ifndef DISARM_FORMAT_ZIP_READ_H
#define DISARM_FORMAT_ZIP_READ_H

#include "base/buffer.h"
#include "base/error.h"

enum zip_method {
    ZIP_STORED = 0,
    ZIP_DEFLATED = 8,
    ZIP_AES = 99, /* WinZip AE-x: the real method stands in extra field 0x9901 */
};

struct zip_member {
    struct bytes name;   /* as written, borrowed from the file */
    struct bytes extra;  /* extra fields of the central directory, borrowed */
    struct bytes packed; /* the member's bytes as they lie in the file, borrowed */
    uint64_t declared;   /* unpacked size that the directory claims; never trusted */
    uint32_t crc32;      /* of the unpacked bytes */
    uint32_t attributes; /* external attributes */
    uint16_t made_by;    /* upper byte: the system that the attributes are of */
    uint16_t flags;      /* general purpose flags */
    uint16_t method;     /* enum zip_method or another number */
    uint16_t time;       /* MS-DOS time and date */
    uint16_t date;
    uint64_t local_offset; /* of the local header */
    bool encrypted;
    bool utf8_name; /* the name says that it is UTF-8 */
};

struct zip_archive {
    struct zip_member *members; /* in the order of the central directory */
    size_t count;
};

/*
 * Reads the directory of a whole ZIP file, which must outlive the archive. At most member_limit
 * members. Errors: zip_damaged (no directory, headers that disagree, spans outside the file),
 * zip_overlap (members that share bytes), limit_members. Close the archive in any case.
 */
int zip_open(struct zip_archive *archive, struct bytes file, uint64_t member_limit,
             struct error *error);

/* Gives the memory back; a second call does nothing. */
void zip_close(struct zip_archive *archive);

/*
 * Appends the unpacked bytes of a member that is not encrypted and checks their CRC. At most limit
 * bytes come out. Errors: zip_method (neither stored nor deflated), zip_damaged, limit_unpacked.
 */
int zip_unpack(const struct zip_member *member, uint64_t limit, struct buffer *out,
               struct error *error);

/*
 * Appends what the raw DEFLATE stream `packed` (RFC 1951) holds; expected is a hint of its size.
 * For callers that decrypt first. Errors as zip_unpack, without a CRC check.
 */
int zip_inflate(struct bytes packed, uint64_t expected, uint64_t limit, struct buffer *out,
                struct error *error);

/* CRC-32 (IEEE 802.3) of a view, as ZIP stores it. */
uint32_t zip_crc32(struct bytes bytes);

#endif
