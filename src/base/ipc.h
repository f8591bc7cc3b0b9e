/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The typed codec of messages between processes, and frames with descriptors over a socket.
 *
 * A message is a row of fields, each with a type byte in front. The reader asks for the fields in
 * the same order; a wrong type, a missing byte or a byte too many fails the whole message.
 */
#ifndef BASE_IPC_H
#define BASE_IPC_H

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/error.h"

/* The largest frame that goes over a socket, in bytes. */
#define IPC_FRAME_BYTES (64 * 1024)

/* The most descriptors that go with one frame. */
#define IPC_DESCRIPTORS 24

/* Append one field to a message. */
void ipc_put_u8(struct buffer *message, uint8_t value);
void ipc_put_u32(struct buffer *message, uint32_t value);
void ipc_put_u64(struct buffer *message, uint64_t value);
void ipc_put_bytes(struct buffer *message, struct bytes value);

/* A string, or NULL, which comes back as NULL. */
void ipc_put_string(struct buffer *message, const char *value);

/* A message being read; the bytes must outlive it. */
struct ipc_reader {
    struct cursor cursor;
};

static inline struct ipc_reader ipc_reader_open(struct bytes message)
{
    return (struct ipc_reader){cursor_open(message)};
}

/* The next field; 0 or an empty view after a failure, which sticks. */
uint8_t ipc_take_u8(struct ipc_reader *reader);
uint32_t ipc_take_u32(struct ipc_reader *reader);
uint64_t ipc_take_u64(struct ipc_reader *reader);

/* A view of at most `limit` bytes; more is a failure. */
struct bytes ipc_take_bytes(struct ipc_reader *reader, size_t limit);

/*
 * A copy of a string of at most `limit` bytes, which the caller frees; it is well-formed UTF-8
 * without NUL. NULL when NULL was put, or after a failure.
 */
char *ipc_take_string(struct ipc_reader *reader, size_t limit);

/* As ipc_take_string into `into` (of size bytes); a NULL becomes "". */
void ipc_take_text(struct ipc_reader *reader, char *into, size_t size);

/* Marks the message as wrong, for a value that the caller refuses. */
static inline void ipc_fail(struct ipc_reader *reader)
{
    cursor_fail(&reader->cursor);
}

/* True when every field was right and nothing is left over. */
static inline bool ipc_finished(const struct ipc_reader *reader)
{
    return cursor_at_end(&reader->cursor);
}

/*
 * Sends one frame with count descriptors (IPC_DESCRIPTORS at most) over a SOCK_SEQPACKET socket.
 * The descriptors stay open here. 0, or -1 with ipc_failed.
 */
int ipc_send(int socket, struct bytes message, const int *descriptors, size_t count,
             struct error *error);

struct ipc_frame {
    struct buffer message;
    int descriptors[IPC_DESCRIPTORS]; /* owned by the frame; take one by setting it to -1 */
    size_t descriptor_count;
};

/*
 * Receives one frame into `frame` (cleared before), waiting for it unless the socket does not
 * block. 1: received; 0: the other side is gone, or nothing is there (error untouched, errno EAGAIN
 * in the second case, 0 in the first); -1: ipc_failed, the frame was too long or broken.
 */
int ipc_receive(int socket, struct ipc_frame *frame, struct error *error);

/* Closes the descriptors that are left and frees the bytes. */
void ipc_frame_clear(struct ipc_frame *frame);

#endif
