/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file on its way: input into memory, rebuild, verify, verdict. */
#include "disarm/pool_job.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/format/name.h"
#include "disarm/memory_file.h"
#include "disarm/worker.h"

/* A receipt whose input is neither rebuilt nor refused yet. */
#define UNDECIDED RECEIPT_VERDICT_COUNT

uint64_t pool_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static char *copy_text(const char *text)
{
    AUTO_BUFFER clean = {0};
    if (!text)
        return NULL;
    utf8_append_clean(&clean, bytes_of_string(text));
    return memory_copy_string(clean.data, clean.length);
}

static void close_file(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

/* The last component of a path. */
static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

struct pool_job *pool_job_open(int input, const char *name, enum task_stage stage,
                               const struct disarm_options *options, void *context)
{
    int reason = errno;
    struct pool_job *job = memory_allocate(1, sizeof *job);
    struct receipt *receipt = memory_allocate(1, sizeof *receipt);
    struct error error = {0};
    job->submitted_us = pool_now_us();
    job->output = job->report = job->process = -1;
    job->result = (struct disarm_result){.context = context, .receipt = receipt, .output = -1};
    job->task.stage = stage;
    job->task.options = *options;
    job->renders =
        stage == TASK_PREVIEW || stage == TASK_PRINT || options->treatment == DISARM_FLATTEN;
    job->task.options.password = copy_text(options->password);
    job->task.name = copy_text(base_name(name));
    receipt->input.name = copy_text(name ? name : "");
    receipt->treatment = options->treatment;
    receipt->verdict = UNDECIDED;
    receipt->row_limit = options->limits.receipt_rows;
    job->input = memory_file_create("sekisho-input", &error);
    errno = reason;
    if (input < 0)
        error_set_errno(&error, "input_unreadable", NULL);
    if (input < 0 || job->input < 0 ||
        memory_file_fill(job->input, input, options->limits.input_bytes, &receipt->input.size,
                         receipt->input.sha256, &error) ||
        memory_file_seal(job->input, &error))
        pool_job_refuse(job, &error);
    job->queued_us = pool_now_us();
    return job;
}

bool pool_job_finished(const struct pool_job *job)
{
    return job->result.receipt->verdict != UNDECIDED;
}

void pool_job_refuse(struct pool_job *job, const struct error *reason)
{
    struct receipt *receipt = job->result.receipt;
    receipt_take_back(receipt, 0);
    free(receipt->output.name);
    free(receipt->output.type);
    receipt->output = (struct receipt_file){0};
    receipt->verdict = RECEIPT_REFUSED;
    receipt->reason = *reason;
    close_file(&job->output);
}

int pool_job_prepare(struct pool_job *job, int null, int descriptors[static TASK_DESCRIPTORS])
{
    struct error error = {0};
    bool verify = job->task.stage == TASK_VERIFY;
    if (!verify)
        job->submitted_us += pool_now_us() - job->queued_us;
    job->report = memory_file_create("sekisho-report", &error);
    if (!verify)
        job->output = memory_file_create("sekisho-output", &error);
    if (job->report < 0 || job->output < 0) {
        pool_job_refuse(job, &error);
        return -1;
    }
    descriptors[TASK_INPUT] = verify ? job->output : job->input;
    descriptors[TASK_OUTPUT] = verify ? null : job->output;
    descriptors[TASK_REPORT] = job->report;
    return 0;
}

struct ending {
    int signal;
    const char *code;
};

static const struct ending endings[] = {
    {SIGXCPU, "limit_time"},    {SIGXFSZ, "limit_output"},  {SIGSYS, "worker_killed"},
    {SIGKILL, "worker_killed"}, {SIGTERM, "worker_killed"},
};

/* What the end of a worker means when it left no report. */
static const char *explain_ending(const struct pool_job *job, const struct task_event *event)
{
    if (job->timed_out)
        return "limit_time";
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (event->signal == (uint32_t)endings[i].signal)
            return endings[i].code;
    }
    if (!event->signal && event->status == MEMORY_EXIT_STATUS)
        return "limit_memory";
    if (!event->signal && event->status == WORKER_NOT_SANDBOXED)
        return "sandbox_failed";
    /* libraries that cannot allocate die in ways of their own: their size gives them away */
    if (event->peak_bytes > job->task.options.limits.memory_bytes / 4 * 3)
        return "limit_memory";
    return "worker_crashed";
}

static void refuse_ending(struct pool_job *job, const struct task_event *event)
{
    struct error reason;
    const char *stage = task_stage_name(job->task.stage);
    const char *code = explain_ending(job, event);
    if (event->signal)
        error_set(&reason, code, stage, "%s", sigabbrev_np((int)event->signal));
    else
        error_set(&reason, code, stage, "%u", event->status);
    pool_job_refuse(job, &reason);
}

/* Reads the report of the current stage. 0, or -1 after refusing the file. */
static int read_report(struct pool_job *job, struct report *report)
{
    struct error error = {0};
    struct bytes message = {NULL, 0};
    struct receipt scratch = {0};
    struct receipt *receipt = job->task.stage != TASK_VERIFY ? job->result.receipt : &scratch;
    int result = memory_file_seal(job->report, &error);
    if (!result)
        result = memory_file_map(job->report, &message, &error);
    if (!result && message.length > REPORT_BYTES)
        result = error_set(&error, "report_invalid", NULL, "%s", "");
    if (!result)
        result =
            report_decode(message, job->task.options.limits.receipt_rows, report, receipt, &error);
    memory_file_unmap(message);
    receipt_clear(&scratch);
    close_file(&job->report);
    if (result)
        pool_job_refuse(job, &error);
    return result;
}

/* The treatment whose verdict a finished file gets. */
static enum receipt_verdict verdict_of(enum disarm_treatment treatment)
{
    static const enum receipt_verdict verdicts[DISARM_TREATMENT_COUNT] = {
        RECEIPT_REBUILT, RECEIPT_FLATTENED, RECEIPT_TEXT};
    return verdicts[treatment];
}

/* Seals the new file and writes it into the receipt. 0, or -1 after refusing the file. */
static int take_output(struct pool_job *job, const struct report *report)
{
    struct receipt *receipt = job->result.receipt;
    struct error error = {0};
    struct bytes made = {NULL, 0};
    if (memory_file_seal(job->output, &error) || memory_file_map(job->output, &made, &error)) {
        pool_job_refuse(job, &error);
        return -1;
    }
    receipt->output.size = made.length;
    hash_sha256(made, receipt->output.sha256);
    memory_file_unmap(made);
    if (made.length > job->task.options.limits.output_bytes) {
        error_set(&error, "limit_output", NULL, "%" PRIu64, job->task.options.limits.output_bytes);
        pool_job_refuse(job, &error);
        return -1;
    }
    job->made = report->output_format;
    receipt->output.type = copy_text(job->made->name);
    return 0;
}

static void finish(struct pool_job *job)
{
    struct receipt *receipt = job->result.receipt;
    AUTO_BUFFER name = {0};
    name_append_output(&name, receipt->input.name, job->made);
    receipt->output.name = copy_text(buffer_string(&name));
    receipt->verdict = verdict_of(receipt->treatment);
    job->result.output = job->output;
    job->output = -1;
    lseek(job->result.output, 0, SEEK_SET);
}

/* Whether the worker found that it needs a renderer, and its zygote had none. */
static bool lacks_renderer(const struct pool_job *job, const struct task_event *event)
{
    return !job->renders && !event->signal && !job->timed_out &&
           event->status == WORKER_NEEDS_RENDERER;
}

bool pool_job_advance(struct pool_job *job, const struct task_event *event)
{
    struct report report = {0};
    close_file(&job->process);
    if (event->peak_bytes > job->result.peak_bytes)
        job->result.peak_bytes = event->peak_bytes;
    job->result.cpu_us += event->cpu_us;
    if (lacks_renderer(job, event)) { /* it wrote nothing */
        job->renders = true;
        job->queued_us = pool_now_us();
        close_file(&job->report);
        close_file(&job->output);
        return false;
    }
    bool reported = !event->signal && !job->timed_out &&
                    (event->status == WORKER_DONE || event->status == WORKER_REFUSED);
    if (!reported) {
        close_file(&job->report);
        refuse_ending(job, event);
        return true;
    }
    if (read_report(job, &report))
        return true;
    if (job->task.stage != TASK_VERIFY && report.input_format)
        job->result.receipt->input.type = copy_text(report.input_format->name);
    if (report.reason.code || event->status != WORKER_DONE) {
        pool_job_refuse(job, &report.reason);
        return true;
    }
    if (job->task.stage == TASK_VERIFY) {
        finish(job);
        return true;
    }
    if (take_output(job, &report))
        return true;
    job->task.stage = TASK_VERIFY;
    job->task.format = copy_text(job->made->name);
    close_file(&job->input);
    return false;
}

struct disarm_result *pool_job_take_result(struct pool_job *job)
{
    struct disarm_result *result = memory_allocate(1, sizeof *result);
    struct receipt *receipt = job->result.receipt;
    receipt->elapsed_us = pool_now_us() - job->submitted_us;
    *result = job->result;
    job->result = (struct disarm_result){.output = -1};
    pool_job_close(job);
    return result;
}

void pool_job_close(struct pool_job *job)
{
    close_file(&job->input);
    close_file(&job->output);
    close_file(&job->report);
    close_file(&job->process);
    close_file(&job->result.output);
    if (job->result.receipt)
        receipt_clear(job->result.receipt);
    free(job->result.receipt);
    task_clear(&job->task);
    free(job);
}

void disarm_result_free(struct disarm_result *result)
{
    if (!result)
        return;
    close_file(&result->output);
    receipt_clear(result->receipt);
    free(result->receipt);
    free(result);
}
