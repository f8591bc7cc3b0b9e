/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stage of one file, inside the sandbox. */
#include "disarm/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disarm/format/job.h"
#include "disarm/format/pdf_render.h"
#include "disarm/preview.h"
#include "disarm/print_internal.h"
#include "disarm/verify/verify.h"

static int make(const struct task *task, struct job *job, struct bytes input, struct buffer *output,
                struct error *error)
{
    return task->stage == TASK_PREVIEW ? preview_make(job, input, output, error)
           : task->stage == TASK_PRINT ? print_make(job, input, output, error)
                                       : job_disarm(job, NULL, input, output, error);
}

static void rebuild(const struct task *task, struct bytes input, struct buffer *output,
                    struct receipt *receipt, struct report *report)
{
    struct job_usage usage = {0};
    struct job job = {
        .options = &task->options,
        .receipt = receipt,
        .usage = &usage,
        .path = "",
        .name = task->name,
    };
    int failed = make(task, &job, input, output, &report->reason);
    report->input_format = job.format;
    report->output_format = failed ? NULL : job.output_format;
    if (!failed && output->length > task->options.limits.output_bytes)
        error_set(&report->reason, "limit_output", NULL, "%llu",
                  (unsigned long long)task->options.limits.output_bytes);
}

static void verify(const struct task *task, struct bytes input, struct report *report)
{
    const struct disarm_options *options = &task->options;
    struct verify_job job = {.limits = &options->limits,
                             .password = options->encrypt_again ? options->password : NULL};
    report->output_format = format_find(task->format);
    verify_nested(&job, task->format, input, &report->reason);
}

void worker_disarm(const struct task *task, struct bytes input, struct buffer *output,
                   struct receipt *receipt, struct report *report)
{
    if (task->stage == TASK_VERIFY)
        verify(task, input, report);
    else
        rebuild(task, input, output, receipt, report);
}

static bool write_all(int file, struct bytes bytes)
{
    while (bytes.length) {
        ssize_t written = write(file, bytes.data, bytes.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = bytes_slice(bytes, (size_t)written, SIZE_MAX);
    }
    return true;
}

/* Maps the sealed input; an empty file is an empty view. False when it cannot be mapped. */
static bool map_input(int file, struct bytes *input)
{
    struct stat status;
    *input = (struct bytes){NULL, 0};
    if (fstat(file, &status))
        return false;
    if (status.st_size == 0)
        return true;
    void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped == MAP_FAILED)
        return false;
    *input = (struct bytes){mapped, (size_t)status.st_size};
    return true;
}

/* Signals as a fresh program has them: the zygote blocks some. */
static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static enum sandbox_profile profile_of(const struct task *task)
{
    /* The text of a PDF may need poppler's tables as well. */
    bool renders = task->stage == TASK_PREVIEW || task->stage == TASK_PRINT ||
                   (task->stage == TASK_REBUILD && task->options.treatment != DISARM_REBUILD);
    return renders && !pdf_render_left_out() ? SANDBOX_RENDER : SANDBOX_PURE;
}

static int enter_sandbox(const struct sandbox *sandbox, const struct task *task, size_t input,
                         struct error *error)
{
    const struct disarm_limits *limits = &task->options.limits;
    uint64_t largest = limits->output_bytes > REPORT_BYTES ? limits->output_bytes : REPORT_BYTES;
    struct sandbox_limits bounds = {
        .memory_bytes = limits->memory_bytes + input,
        .file_bytes = largest,
        .cpu_seconds = limits->time_ms / 1000 + 1,
    };
    return sandbox_enter(sandbox, profile_of(task), &bounds, WORKER_FIRST_CLOSED, error);
}

/* Writes what came out and ends the process. */
static _Noreturn void finish(const struct report *report, const struct receipt *receipt,
                             struct bytes output, enum worker_status status)
{
    AUTO_BUFFER message = {0};
    report_encode(report, receipt, &message);
    if (!write_all(WORKER_OUTPUT, output) || !write_all(WORKER_REPORT, buffer_bytes(&message)))
        status = WORKER_NOT_WRITTEN;
    /* nothing is given back or flushed: the process held nothing but this file */
    _exit(status);
}

_Noreturn void worker_run(const struct sandbox *sandbox, worker_body *body, const struct task *task,
                          const int descriptors[static TASK_DESCRIPTORS])
{
    struct buffer output = {0};
    struct receipt receipt = {.row_limit = task->options.limits.receipt_rows};
    struct report report = {0};
    struct bytes input;
    reset_signals();
    if (!map_input(descriptors[TASK_INPUT], &input) ||
        dup2(descriptors[TASK_OUTPUT], WORKER_OUTPUT) < 0 ||
        dup2(descriptors[TASK_REPORT], WORKER_REPORT) < 0)
        _exit(WORKER_NOT_SANDBOXED);
    if (enter_sandbox(sandbox, task, input.length, &report.reason))
        finish(&report, &receipt, buffer_bytes(&output), WORKER_NOT_SANDBOXED);
    body(task, input, &output, &receipt, &report);
    if (report.reason.code) {
        report.output_format = NULL;
        buffer_clear(&output);
        finish(&report, &receipt, buffer_bytes(&output), WORKER_REFUSED);
    }
    finish(&report, &receipt, buffer_bytes(&output), WORKER_DONE);
}
