/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The renderer: takes requests while its pool has room, and answers each by its own pipe. */
#include "gate/renderer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "disarm/disarm.h"
#include "disarm/receipt.h"
#include "gate/renderer_internal.h"

enum {
    PAGE_DPI = 100,
    TIME_MOST = 30000, /* milliseconds for one worker */
    AT_ONCE = 2,       /* requests taken for each worker; others wait in the socket */
};

#define INPUT_MOST  (UINT64_C(256) << 20)
#define OUTPUT_MOST (UINT64_C(64) << 20)

/* One request under way. */
struct asked {
    enum renderer_kind kind;
    int output, reply;
    struct asked *next;
};

struct renderer {
    int socket;
    struct disarm_pool *pool;
    struct asked *asked;
};

/* Takes one out of the list. */
static void forget(struct renderer *renderer, struct asked *asked)
{
    struct asked **at = &renderer->asked;
    while (*at != asked)
        at = &(*at)->next;
    *at = asked->next;
    file_close(&asked->output);
    file_close(&asked->reply);
    free(asked);
}

static uint32_t count_pages(const struct receipt *receipt)
{
    bool counted = receipt->row_count == 1 && !strcmp(receipt->rows[0].kind, "pdf_page");
    return counted ? (uint32_t)receipt->rows[0].count : 0;
}

/* Who does not listen any more hears nothing; the pipe takes a whole answer without waiting. */
static void answer(const struct asked *asked, const struct error *refusal,
                   const struct receipt *receipt)
{
    AUTO_BUFFER message = {0};
    ipc_put_string(&message, refusal->code);
    ipc_put_string(&message, refusal->where);
    ipc_put_string(&message, refusal->detail);
    ipc_put_string(&message, refusal->code ? NULL : receipt->output.type);
    ipc_put_u32(&message, count_pages(receipt));
    (void)!write(asked->reply, message.data, message.length);
}

static int copy_output(const struct asked *asked, int output)
{
    ssize_t sent;
    do {
        sent = sendfile(asked->output, output, NULL, INT32_MAX);
    } while (sent > 0 || (sent < 0 && errno == EINTR));
    return sent < 0 ? -1 : 0;
}

static void finish(struct renderer *renderer, struct disarm_result *result)
{
    struct asked *asked = result->context;
    const struct receipt *receipt = result->receipt;
    struct error refusal = receipt->reason;
    if (!refusal.code && asked->kind == RENDERER_TEXT && strcmp(receipt->output.type, "text") != 0)
        error_set(&refusal, "renderer_no_text", receipt->input.name, "%s", receipt->input.type);
    if (!refusal.code && copy_output(asked, result->output) != 0)
        error_set_errno(&refusal, "renderer_away", NULL);
    answer(asked, &refusal, receipt);
    forget(renderer, asked);
}

/* ---- requests ---- */

static bool regular(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_pipe(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISFIFO(status.st_mode);
}

static void submit(struct renderer *renderer, const char *name, unsigned page, struct asked *asked,
                   int input)
{
    bool text = asked->kind == RENDERER_TEXT;
    struct disarm_options options = disarm_default_options;
    options.treatment = text ? DISARM_TEXT : DISARM_REBUILD;
    options.text_to_utf8 = true;
    options.preview_page = page;
    options.flatten_dpi = PAGE_DPI;
    options.allow_mismatch = true;
    options.limits.time_ms = TIME_MOST;
    options.limits.input_bytes = INPUT_MOST;
    options.limits.output_bytes = OUTPUT_MOST;
    if (asked->kind == RENDERER_PRINT)
        disarm_pool_submit_print(renderer->pool, input, &options, asked);
    else if (text)
        disarm_pool_submit(renderer->pool, input, name, &options, asked);
    else
        disarm_pool_submit_preview(renderer->pool, input, name, &options, asked);
}

/* What is not a request as renderer_ask makes it is dropped, and its pipe with it. */
static void take_request(struct renderer *renderer, struct ipc_frame *frame)
{
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame->message));
    unsigned kind = ipc_take_u8(&reader);
    AUTO_FREE char *name = ipc_take_string(&reader, RENDERER_NAME_SIZE);
    uint32_t page = ipc_take_u32(&reader);
    int *descriptors = frame->descriptors;
    if (!ipc_finished(&reader) || kind >= RENDERER_KIND_COUNT ||
        frame->descriptor_count != RENDERER_DESCRIPTORS || !regular(descriptors[RENDERER_INPUT]) ||
        !regular(descriptors[RENDERER_OUTPUT]) || !is_pipe(descriptors[RENDERER_REPLY]))
        return;
    struct asked *asked = memory_allocate(1, sizeof *asked);
    *asked = (struct asked){kind, descriptors[RENDERER_OUTPUT], descriptors[RENDERER_REPLY],
                            renderer->asked};
    renderer->asked = asked;
    descriptors[RENDERER_OUTPUT] = descriptors[RENDERER_REPLY] = -1;
    fcntl(asked->reply, F_SETFL, O_NONBLOCK);
    lseek(descriptors[RENDERER_INPUT], 0, SEEK_SET);
    submit(renderer, name, page, asked, descriptors[RENDERER_INPUT]);
}

static bool has_room(const struct renderer *renderer)
{
    return disarm_pool_pending(renderer->pool) <
           (size_t)disarm_pool_workers(renderer->pool) * AT_ONCE;
}

/* 0, or -1 when nobody can ask any more. */
static int take_requests(struct renderer *renderer, struct error *error)
{
    struct ipc_frame frame = {0};
    int got = 1;
    while (got == 1 && has_room(renderer)) {
        got = ipc_receive(renderer->socket, &frame, error);
        if (got == 1)
            take_request(renderer, &frame);
        else if (got == 0 && errno == 0)
            got = error_set(error, "ipc_failed", "renderer", "%s", "");
    }
    ipc_frame_clear(&frame);
    return got < 0 ? -1 : 0;
}

static void hand_out(struct renderer *renderer)
{
    struct disarm_result *result;
    while ((result = disarm_pool_next(renderer->pool, false))) {
        finish(renderer, result);
        disarm_result_free(result);
    }
}

int renderer_step(struct renderer *renderer, int milliseconds, struct error *error)
{
    struct pollfd watched[] = {{disarm_pool_descriptor(renderer->pool), POLLIN, 0},
                               {has_room(renderer) ? renderer->socket : -1, POLLIN, 0}};
    if (poll(watched, 2, milliseconds) < 0)
        return errno == EINTR ? 0 : error_set_errno(error, "ipc_failed", "renderer");
    hand_out(renderer);
    if (disarm_pool_lost(renderer->pool))
        return error_set(error, "sandbox_failed", "zygote", "%s", "");
    return take_requests(renderer, error);
}

struct renderer *renderer_start(int socket, unsigned workers, struct error *error)
{
    const struct disarm_pool_options options = {.workers = workers, .one_zygote = true};
    struct disarm_pool *pool = disarm_pool_start(&options, error);
    if (!pool)
        return NULL;
    struct renderer *renderer = memory_allocate(1, sizeof *renderer);
    *renderer = (struct renderer){.socket = socket, .pool = pool};
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    return renderer;
}

void renderer_stop(struct renderer *renderer)
{
    if (!renderer)
        return;
    disarm_pool_stop(renderer->pool);
    while (renderer->asked)
        forget(renderer, renderer->asked);
    free(renderer);
}
