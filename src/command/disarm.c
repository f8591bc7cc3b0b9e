/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho disarm`: files in, rebuilt files and receipts out. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/disarm_options.h"
#include "command/disarm_plan.h"
#include "command/disarm_save.h"
#include "command/disarm_saver.h"
#include "command/disarm_show.h"
#include "disarm/disarm.h"
#include "disarm/receipt.h"

/* The work of one call. Results come in any order; what is said about them keeps the plan's. */
struct run {
    const struct disarm_request *request;
    struct disarm_pool *pool;
    struct plan plan;
    pthread_mutex_t lock; /* over what follows, which the saving threads fill */
    struct buffer *said;  /* per item: what will be written about it, and whether it is there yet */
    bool *finished;
    size_t shown;   /* items already written about */
    size_t refused; /* files that got a refusal */
    size_t failed;  /* results that could not be saved */
    size_t ended;
    bool progress;
};

/* Set by a signal that asks the program to end. */
static volatile sig_atomic_t stopping;

static void stop(int number)
{
    stopping = number;
}

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

static void describe(const struct run *run, const struct receipt *receipt, struct buffer *said)
{
    if (run->request->json) {
        receipt_write_json(receipt, said);
        buffer_append_byte(said, '\n');
    } else if (!run->request->quiet) {
        show_receipt(said, run->request->language, receipt);
    }
}

/* Saves one result and says so; runs in several threads. */
static void settle(void *context, struct disarm_result *result)
{
    struct run *run = context;
    struct plan_item *item = result->context;
    size_t number = (size_t)(item - run->plan.items);
    struct save_request save = {.plan = &run->plan,
                                .file = run->request->file,
                                .folder = run->request->folder,
                                .force = run->request->force};
    struct error error = {0};
    int failed = save_result(&save, item, result, &error);
    if (!failed)
        describe(run, result->receipt, &run->said[number]);
    pthread_mutex_lock(&run->lock);
    if (failed) {
        clear_progress(run);
        command_say_error(stderr, run->request->language, &error);
    }
    run->failed += failed != 0;
    run->refused += !failed && result->receipt->verdict == RECEIPT_REFUSED;
    run->finished[number] = true;
    run->ended++;
    show_ready(run);
    pthread_mutex_unlock(&run->lock);
    disarm_result_free(result);
}

/* Keeps the pool busy and hands what it finishes to the saving threads. */
static void work(struct run *run)
{
    size_t submitted = 0, finished = 0, ahead = 2 * (size_t)disarm_pool_workers(run->pool);
    struct saver *saver = saver_start(settle, run);
    while (finished < run->plan.count && !stopping) {
        while (submitted < run->plan.count && disarm_pool_pending(run->pool) < ahead)
            submit(run, &run->plan.items[submitted++]);
        struct disarm_result *result = disarm_pool_next(run->pool, true);
        if (!result)
            continue; /* a signal came */
        finished++;
        if (result->output >= 0)
            plan_settle_made(&run->plan, result->context, result->receipt->output.name);
        saver_put(saver, result);
    }
    saver_finish(saver);
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
    struct disarm_pool_options options = {
        .workers = run->request->jobs, .lean = run->request->options.treatment != DISARM_FLATTEN};
    struct error error = {0};
    run->pool = disarm_pool_start(&options, &error);
    if (!run->pool) {
        command_say_error(stderr, run->request->language, &error);
        return COMMAND_FAILED;
    }
    run->said = memory_allocate(run->plan.count, sizeof *run->said);
    run->finished = memory_allocate(run->plan.count, sizeof *run->finished);
    run->progress = run->plan.count > 1 && isatty(STDERR_FILENO);
    pthread_mutex_init(&run->lock, NULL);
    work(run);
    pthread_mutex_destroy(&run->lock);
    disarm_pool_stop(run->pool);
    for (size_t i = 0; i < run->plan.count; i++)
        buffer_free(&run->said[i]);
    free(run->said);
    free(run->finished);
    if (stopping)
        return COMMAND_FAILED;
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
        if (disarm_plan_add(plan, request->paths[i], &error)) {
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
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not stop a file half saved */
    save_begin();
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
