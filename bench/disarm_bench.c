/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disarms files through the pool, sandbox included, and prints a row for each:
 * verdict, format, microseconds from submitting to the result, bytes in, bytes out, peak bytes and
 * processor microseconds of its workers, name; between tabs. A last row starts with "total" and has
 * the microseconds of all.
 *
 * usage: disarm_bench WORKERS < LIST_OF_FILES
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "disarm/disarm.h"
#include "disarm/receipt.h"

struct task {
    uint64_t start;
    char *name;
};

static uint64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* The verdict; "nothing" for an archive in which there is nothing of a kind that we disarm. */
static const char *verdict_of(const struct receipt *receipt)
{
    bool nothing =
        receipt->verdict == RECEIPT_REFUSED && !strcmp(receipt->reason.code, "zip_nothing_left");
    return nothing ? "nothing" : receipt_verdict_name(receipt->verdict);
}

static void print_result(struct disarm_result *result)
{
    struct task *task = result->context;
    const struct receipt *receipt = result->receipt;
    printf("%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\n",
           verdict_of(receipt), receipt->input.type ? receipt->input.type : "-",
           now_us() - task->start, receipt->input.size, receipt->output.size, result->peak_bytes,
           result->cpu_us, task->name);
    free(task->name);
    free(task);
    disarm_result_free(result);
}

/* Takes results until at most `left` files are pending. */
static void drain(struct disarm_pool *pool, size_t left)
{
    while (disarm_pool_pending(pool) > left) {
        struct disarm_result *result = disarm_pool_next(pool, true);
        if (!result)
            return;
        print_result(result);
    }
}

static void submit(struct disarm_pool *pool, const char *name)
{
    struct task *task = malloc(sizeof *task);
    if (!task)
        abort();
    int file = open(name, O_RDONLY | O_CLOEXEC);
    *task = (struct task){.start = now_us(), .name = strdup(name)};
    disarm_pool_submit(pool, file, name, &disarm_default_options, task);
    if (file >= 0)
        close(file);
}

int main(int argc, char **argv)
{
    int status = disarm_zygote_main(argc, argv);
    if (status >= 0)
        return status;
    struct error error = {0};
    struct disarm_pool_options options = {.workers =
                                              argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1};
    struct disarm_pool *pool = disarm_pool_start(&options, &error);
    if (!pool) {
        fprintf(stderr, "no pool: %s %s\n", error.code, error.detail);
        return 1;
    }
    char line[4096];
    uint64_t start = now_us();
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        submit(pool, line);
        drain(pool, disarm_pool_workers(pool) - 1);
    }
    drain(pool, 0);
    printf("total\t-\t%" PRIu64 "\t0\t0\t0\t0\t-\n", now_us() - start);
    disarm_pool_stop(pool);
    return 0;
}
