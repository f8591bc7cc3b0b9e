/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Typed fields, and frames with descriptors. */
#include "base/ipc.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"

enum field_type {
    FIELD_U8 = 0xA1,
    FIELD_U32 = 0xA4,
    FIELD_U64 = 0xA8,
    FIELD_BYTES = 0xB0,
    FIELD_STRING = 0xB1,
    FIELD_NULL = 0xB2,
};

void ipc_put_u8(struct buffer *message, uint8_t value)
{
    buffer_append_byte(message, FIELD_U8);
    buffer_append_byte(message, value);
}

void ipc_put_u32(struct buffer *message, uint32_t value)
{
    buffer_append_byte(message, FIELD_U32);
    buffer_append_u32le(message, value);
}

void ipc_put_u64(struct buffer *message, uint64_t value)
{
    buffer_append_byte(message, FIELD_U64);
    buffer_append_u64le(message, value);
}

static void put_sized(struct buffer *message, enum field_type type, struct bytes value)
{
    buffer_append_byte(message, (uint8_t)type);
    buffer_append_u64le(message, value.length);
    buffer_append_bytes(message, value);
}

void ipc_put_bytes(struct buffer *message, struct bytes value)
{
    put_sized(message, FIELD_BYTES, value);
}

void ipc_put_string(struct buffer *message, const char *value)
{
    if (value)
        put_sized(message, FIELD_STRING, bytes_of_string(value));
    else
        buffer_append_byte(message, FIELD_NULL);
}

static void expect(struct ipc_reader *reader, enum field_type type)
{
    if (cursor_u8(&reader->cursor) != type)
        ipc_fail(reader);
}

uint8_t ipc_take_u8(struct ipc_reader *reader)
{
    expect(reader, FIELD_U8);
    return cursor_u8(&reader->cursor);
}

uint32_t ipc_take_u32(struct ipc_reader *reader)
{
    expect(reader, FIELD_U32);
    return cursor_u32le(&reader->cursor);
}

uint64_t ipc_take_u64(struct ipc_reader *reader)
{
    expect(reader, FIELD_U64);
    return cursor_u64le(&reader->cursor);
}

static struct bytes take_sized(struct ipc_reader *reader, size_t limit)
{
    uint64_t length = cursor_u64le(&reader->cursor);
    if (length > limit) {
        ipc_fail(reader);
        return (struct bytes){NULL, 0};
    }
    return cursor_take(&reader->cursor, (size_t)length);
}

struct bytes ipc_take_bytes(struct ipc_reader *reader, size_t limit)
{
    expect(reader, FIELD_BYTES);
    return take_sized(reader, limit);
}

char *ipc_take_string(struct ipc_reader *reader, size_t limit)
{
    uint8_t type = cursor_u8(&reader->cursor);
    if (type == FIELD_NULL)
        return NULL;
    if (type != FIELD_STRING)
        ipc_fail(reader);
    struct bytes text = take_sized(reader, limit);
    if (!reader->cursor.failed &&
        (!utf8_valid(text) || (text.length && memchr(text.data, 0, text.length))))
        ipc_fail(reader);
    return reader->cursor.failed ? NULL : memory_copy_string(text.data, text.length);
}

void ipc_take_text(struct ipc_reader *reader, char *into, size_t size)
{
    AUTO_FREE char *text = ipc_take_string(reader, size - 1);
    size_t length = text ? strlen(text) : 0;
    if (length)
        memcpy(into, text, length);
    into[length] = '\0';
}

/* Room for the descriptors of one frame, laid out as the kernel wants it. */
union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(IPC_DESCRIPTORS * sizeof(int))];
};

int ipc_send(int socket, struct bytes message, const int *descriptors, size_t count,
             struct error *error)
{
    if (message.length > IPC_FRAME_BYTES || count > IPC_DESCRIPTORS)
        return error_set(error, "ipc_failed", NULL, "%s", "frame too long");
    union control control = {0};
    struct iovec part = {(void *)(uintptr_t)message.data, message.length};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (count) {
        header.msg_control = control.space;
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *rights = &control.header;
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(rights), descriptors, count * sizeof(int));
    }
    ssize_t sent;
    do {
        sent = sendmsg(socket, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent != (ssize_t)message.length)
        return error_set_errno(error, "ipc_failed", NULL);
    return 0;
}

/* Moves received descriptors into the frame. */
static void take_descriptors(struct msghdr *header, struct ipc_frame *frame)
{
    for (struct cmsghdr *rights = CMSG_FIRSTHDR(header); rights;
         rights = CMSG_NXTHDR(header, rights)) {
        if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(rights) + i * sizeof(int), sizeof descriptor);
            if (frame->descriptor_count < IPC_DESCRIPTORS)
                frame->descriptors[frame->descriptor_count++] = descriptor;
            else
                close(descriptor);
        }
    }
}

int ipc_receive(int socket, struct ipc_frame *frame, struct error *error)
{
    ipc_frame_clear(frame);
    buffer_reserve(&frame->message, IPC_FRAME_BYTES);
    union control control = {0};
    struct iovec part = {frame->message.data, IPC_FRAME_BYTES};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.space,
                            .msg_controllen = sizeof control.space};
    ssize_t got;
    do {
        got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN)
        return 0;
    if (got < 0 && errno != ECONNRESET)
        return error_set_errno(error, "ipc_failed", NULL);
    take_descriptors(&header, frame);
    if (got <= 0) {
        errno = 0;
        return 0;
    }
    frame->message.length = (size_t)got;
    if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
        return error_set(error, "ipc_failed", NULL, "%s", "frame cut off");
    return 1;
}

void ipc_frame_clear(struct ipc_frame *frame)
{
    for (size_t i = 0; i < frame->descriptor_count; i++) {
        if (frame->descriptors[i] >= 0)
            close(frame->descriptors[i]);
    }
    frame->descriptor_count = 0;
    buffer_free(&frame->message);
}
