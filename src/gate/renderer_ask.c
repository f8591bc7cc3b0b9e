/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the renderer, from a web process: a frame with three descriptors, an answer by a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/message.h"
#include "disarm/disarm.h"
#include "gate/renderer_internal.h"

enum {
    PATIENCE = 60000, /* milliseconds */
    ANSWER_MOST = 64 << 20,
};

static int away(struct error *error)
{
    return error_set(error, "renderer_away", NULL, "%s", "");
}

static int send_request(int socket, const struct renderer_request *request,
                        const int descriptors[static RENDERER_DESCRIPTORS], struct error *error)
{
    AUTO_BUFFER message = {0};
    struct pollfd writable = {socket, POLLOUT, 0};
    ipc_put_u8(&message, (uint8_t)request->kind);
    ipc_put_string(&message, request->name);
    ipc_put_u32(&message, request->page);
    if (poll(&writable, 1, PATIENCE) != 1 ||
        ipc_send(socket, buffer_bytes(&message), descriptors, RENDERER_DESCRIPTORS, NULL) != 0)
        return away(error);
    return 0;
}

/* Reads the pipe to its end. */
static int read_reply(int pipe, struct buffer *reply, struct error *error)
{
    struct pollfd readable = {pipe, POLLIN, 0};
    for (;;) {
        buffer_reserve(reply, IPC_FRAME_BYTES);
        if (poll(&readable, 1, PATIENCE) != 1 || reply->length > IPC_FRAME_BYTES)
            return away(error);
        ssize_t got = read(pipe, reply->data + reply->length, IPC_FRAME_BYTES);
        if (got == 0)
            return reply->length ? 0 : away(error);
        if (got < 0 && errno != EINTR)
            return away(error);
        reply->length += got > 0 ? (size_t)got : 0;
    }
}

/* What the renderer says that it made, in the words of the formats' table. */
static const char *media_type_of(const char *type)
{
    struct disarm_format format;
    for (size_t i = 0; type && disarm_format_at(i, &format); i++)
        if (!strcmp(format.name, type))
            return format.media_type;
    return "application/octet-stream";
}

/* An empty code means done. */
static int take_reply(struct bytes reply, struct renderer_answer *answer, struct error *error)
{
    struct ipc_reader reader = ipc_reader_open(reply);
    struct error refusal = {0};
    AUTO_FREE char *code = ipc_take_string(&reader, sizeof refusal.where);
    ipc_take_text(&reader, refusal.where, sizeof refusal.where);
    ipc_take_text(&reader, refusal.detail, sizeof refusal.detail);
    AUTO_FREE char *type = ipc_take_string(&reader, sizeof refusal.where);
    answer->media_type = media_type_of(type);
    answer->pages = ipc_take_u32(&reader);
    if (!ipc_finished(&reader))
        return away(error);
    const char *known = message_known("error", code);
    if (!code)
        return 0;
    return error_set(error, known ? known : "unknown", refusal.where, "%s", refusal.detail);
}

static int read_output(int output, struct buffer *out, struct error *error)
{
    size_t got;
    off_t size = lseek(output, 0, SEEK_END);
    if (size < 0 || lseek(output, 0, SEEK_SET) != 0)
        return away(error);
    if (size > ANSWER_MOST)
        return error_set(error, "renderer_too_much", NULL, "%s", "");
    buffer_reserve(out, (size_t)size);
    if (file_read_some(output, out->data + out->length, (size_t)size, &got, "answer", error) != 0)
        return -1;
    out->length += got;
    return 0;
}

int renderer_ask(int socket, const struct renderer_request *request, int input,
                 struct renderer_answer *answer, struct error *error)
{
    *answer = (struct renderer_answer){0};
    AUTO_BUFFER reply = {0};
    AUTO_FD output = -1, reading = -1, writing = -1;
    int pipe[2];
    if (socket < 0)
        return away(error);
    output = memfd_create("answer", MFD_CLOEXEC);
    if (output < 0 || pipe2(pipe, O_CLOEXEC) != 0)
        return error_set_errno(error, "renderer_away", NULL);
    reading = pipe[0];
    writing = pipe[1];
    const int descriptors[] = {input, output, writing};
    if (send_request(socket, request, descriptors, error) != 0)
        return -1;
    file_close(&writing); /* so that the end of the renderer is the end of the pipe */
    if (read_reply(reading, &reply, error) != 0 ||
        take_reply(buffer_bytes(&reply), answer, error) != 0)
        return -1;
    return read_output(output, &answer->content, error);
}

int renderer_text(int socket, const char *name, struct bytes content, struct buffer *text,
                  struct error *error)
{
    const struct renderer_request request = {.kind = RENDERER_TEXT, .name = name};
    AUTO_FD input = memfd_create("document", MFD_CLOEXEC);
    if (input < 0)
        return error_set_errno(error, "renderer_away", NULL);
    struct renderer_answer answer = {0};
    int result = file_write_all(input, content, "document", error);
    if (result == 0)
        result = renderer_ask(socket, &request, input, &answer, error);
    if (result == 0)
        buffer_append_bytes(text, buffer_bytes(&answer.content));
    buffer_free(&answer.content);
    return result;
}
