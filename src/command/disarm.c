/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho disarm`: files in, rebuilt files and receipts out. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/disarm_options.h"
#include "command/disarm_plan.h"
#include "command/disarm_save.h"
#include "command/disarm_show.h"
#include "disarm/disarm.h"
#include "disarm/receipt.h"

/* The work of one call. Results come in any order; what is said about them keeps the plan's. */
struct run {
    const struct disarm_request *request;
    struct disarm_pool *pool;
    struct plan plan;
    struct buffer *said; /* per item: what will be written about it, and whether it is there yet */
    bool *finished;
    size_t shown;   /* items already written about */
    size_t refused; /* files that got a refusal */
    size_t failed;  /* results that could not be saved */
    size_t ended;
    bool progress;
};

static void clear_progress(const struct run *run)
{
    if (run->progress)
        fputs("\r\033[K", stderr);
}

static void show_progress(const struct run *run)
{
    if (run->progress)
        fprintf(stderr, "\r%zu/%zu", run->ended, run->plan.count);
}

/* Writes what is ready in the order of the plan. */
static void show_ready(struct run *run)
{
    clear_progress(run);
    while (run->shown < run->plan.count && run->finished[run->shown]) {
        struct buffer *said = &run->said[run->shown++];
        if (said->length)
            fwrite(said->data, 1, said->length, stdout);
        buffer_free(said);
    }
    fflush(stdout);
    show_progress(run);
}

static void submit(struct run *run, struct plan_item *item)
{
    /* a descriptor that cannot be read comes back as a refusal like any other */
    int input = open(item->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    disarm_pool_submit(run->pool, input, item->destination, &run->request->options, item);
    if (input >= 0)
        close(input);
}

static void settle(struct run *run, struct disarm_result *result)
{
    struct plan_item *item = result->context;
    size_t number = (size_t)(item - run->plan.items);
    struct save_request save = {.plan = &run->plan,
                                .file = run->request->file,
                                .folder = run->request->folder,
                                .force = run->request->force};
    struct error error = {0};
    struct buffer *said = &run->said[number];
    run->refused += result->receipt->verdict == RECEIPT_REFUSED;
    if (save_result(&save, item, result, &error)) {
        run->failed++;
        clear_progress(run);
        command_say_error(stderr, run->request->language, &error);
    } else if (run->request->json) {
        receipt_write_json(result->receipt, said);
        buffer_append_byte(said, '\n');
    } else if (!run->request->quiet) {
        show_receipt(said, run->request->language, result->receipt);
    }
    run->finished[number] = true;
    run->ended++;
    disarm_result_free(result);
}

static void work(struct run *run)
{
    size_t submitted = 0, ahead = 2 * (size_t)disarm_pool_workers(run->pool);
    while (run->ended < run->plan.count) {
        while (submitted < run->plan.count && disarm_pool_pending(run->pool) < ahead)
            submit(run, &run->plan.items[submitted++]);
        settle(run, disarm_pool_next(run->pool, true));
        show_ready(run);
    }
    clear_progress(run);
}

static void say_total(const struct run *run)
{
    AUTO_BUFFER done = {0}, refused = {0}, failed = {0};
    buffer_append_format(&done, "%zu", run->plan.count - run->refused - run->failed);
    buffer_append_format(&refused, "%zu", run->refused);
    buffer_append_format(&failed, "%zu", run->failed);
    struct message_value values[] = {{"done", buffer_string(&done)},
                                     {"refused", buffer_string(&refused)},
                                     {"failed", buffer_string(&failed)}};
    command_say(stdout, run->request->language, "disarm.total", values, 3);
}

static int run_plan(struct run *run)
{
    struct disarm_pool_options options = {.workers = run->request->jobs};
    struct error error = {0};
    run->pool = disarm_pool_start(&options, &error);
    if (!run->pool) {
        command_say_error(stderr, run->request->language, &error);
        return COMMAND_FAILED;
    }
    run->said = memory_allocate(run->plan.count, sizeof *run->said);
    run->finished = memory_allocate(run->plan.count, sizeof *run->finished);
    run->progress = run->plan.count > 1 && isatty(STDERR_FILENO);
    work(run);
    disarm_pool_stop(run->pool);
    free(run->said);
    free(run->finished);
    if (run->plan.count > 1 && !run->request->json && !run->request->quiet)
        say_total(run);
    if (run->failed)
        return COMMAND_FAILED;
    return run->refused ? COMMAND_REFUSED : COMMAND_DONE;
}

/* Collects the inputs. 0, or an exit status after saying what is wrong. */
static int make_plan(const struct disarm_request *request, struct plan *plan)
{
    struct error error = {0};
    for (int i = 0; i < request->path_count; i++) {
        if (plan_add(plan, request->paths[i], &error)) {
            command_say_error(stderr, request->language, &error);
            return COMMAND_USAGE;
        }
    }
    if (request->file && plan->count != 1) {
        command_say(stderr, request->language, "usage.one_file", NULL, 0);
        return COMMAND_USAGE;
    }
    plan_settle(plan);
    return COMMAND_DONE;
}

static int disarm_files(const struct disarm_request *request)
{
    struct run run = {.request = request};
    int status = make_plan(request, &run.plan);
    if (!status && run.plan.count)
        status = run_plan(&run);
    plan_free(&run.plan);
    return status;
}

int command_disarm(int argc, char **argv)
{
    struct disarm_request request;
    int status = COMMAND_DONE;
    AUTO_BUFFER out = {0};
    if (disarm_request_parse(argc, argv, &request))
        status = COMMAND_USAGE;
    else if (request.action == ACTION_HELP)
        command_say(stdout, request.language, "help.disarm", NULL, 0);
    else if (request.action == ACTION_FORMATS)
        show_formats(&out, request.language, request.json);
    else
        status = disarm_files(&request);
    fwrite(out.data, 1, out.length, stdout);
    disarm_request_clear(&request);
    if (fflush(stdout) || ferror(stdout))
        return COMMAND_FAILED;
    return status;
}
