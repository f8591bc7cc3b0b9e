/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Segments of the write-ahead log: where an entry becomes durable, before it stands in any tile.
 *
 * A segment is a file of fixed size, wal/<index of its first entry>, written once before use, so
 * that a later write changes no metadata and one fdatasync is one flush. It holds a header and then
 * frames, each at a multiple of 512 bytes: no write ever touches a block that holds acknowledged
 * bytes. A frame is a batch of entries in the form of an entry bundle, with a digest over the
 * segment's random salt, the frame's header and the leaf hashes of its entries. A frame that was
 * torn does not have its digest, and nothing that a user writes into an entry can look like one.
 */
#ifndef JOURNAL_SEGMENT_H
#define JOURNAL_SEGMENT_H

#include "base/buffer.h"
#include "journal/merkle.h"

/* The crash tests build the room with a small size, to see many segments come and go. */
#ifndef JOURNAL_SEGMENT_BYTES
#define JOURNAL_SEGMENT_BYTES (16 << 20)
#endif

enum {
    SEGMENT_BYTES = JOURNAL_SEGMENT_BYTES,
    SEGMENT_BLOCK = 512,
    SEGMENT_NAME_BYTES = 32,
    SEGMENT_SALT_BYTES = 16,
};

struct segment {
    int file;
    char name[SEGMENT_NAME_BYTES]; /* in the directory of segments */
    uint64_t base;                 /* index of its first entry */
    uint64_t end;                  /* index behind its last entry */
    uint64_t position;             /* the source's position behind its last entry */
    size_t offset;                 /* where the next frame goes */
    size_t last;                   /* where the last frame is; 0: there is none */
    uint8_t salt[SEGMENT_SALT_BYTES];
};

struct segment_frame {
    uint64_t first;    /* index of the first entry */
    uint64_t position; /* the source's position behind the last entry */
    const struct bytes *entries;
    const struct merkle_hash *leaves;
    size_t count;
};

/* The file name of the segment that begins with an index. */
void segment_name(uint64_t base, char name[SEGMENT_NAME_BYTES]);

/*
 * Makes a new segment durable, out of the file named spare when that is not NULL. origin is the
 * SHA-256 of the log's origin.
 */
int segment_create(int directory, uint64_t base, uint64_t position,
                   const struct merkle_hash *origin, const char *spare, struct segment *segment,
                   struct error *error);

/* True when a frame with that many bytes of entries still fits. */
bool segment_has_room(const struct segment *segment, size_t payload);

/*
 * Writes a frame and makes it durable: on success its entries are there after any crash. After a
 * failure the segment must not be written to again, only closed and opened anew. scratch is memory
 * for the frame.
 */
int segment_append(struct segment *segment, const struct segment_frame *frame,
                   struct buffer *scratch, struct error *error);

typedef int (*segment_visitor)(void *context, const struct segment_frame *frame,
                               struct error *error);

/*
 * Opens the segment of that base and visits its frames in order up to the first that is not whole.
 * journal_log_damaged when the header is not whole, or a whole frame stands behind a broken one:
 * then acknowledged entries were lost, which no crash explains.
 */
int segment_replay(int directory, uint64_t base, const struct merkle_hash *origin,
                   segment_visitor visit, void *context, struct segment *segment,
                   struct error *error);

/*
 * Writes the last frame once more and syncs it. After a failed fdatasync its bytes may be in memory
 * and not on the disk; nothing may be built on them before this.
 */
int segment_secure_last(struct segment *segment, struct error *error);

#endif
