/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that works on one stage of one file and then dies. */
#ifndef DISARM_WORKER_H
#define DISARM_WORKER_H

#include "base/sandbox.h"
#include "disarm/report.h"
#include "disarm/task.h"

/* Exit statuses of a worker; MEMORY_EXIT_STATUS is one more. A report was written with the first
 * two. */
enum worker_status {
    WORKER_DONE = 0,
    WORKER_REFUSED = 1,
    WORKER_NEEDS_RENDERER = 86, /* which its zygote has not */
    WORKER_NOT_SANDBOXED = 87,
    WORKER_NOT_WRITTEN = 88,
};

/* Where a worker keeps its descriptors; the zygote holds these numbers free of anything else. */
enum worker_descriptor {
    WORKER_OUTPUT = 3,
    WORKER_REPORT = 4,
    WORKER_FIRST_CLOSED = 5,
};

/*
 * What runs inside the sandbox: fills output, receipt and report (reason.code NULL: done). The
 * product has one, worker_disarm; the escape tests start a zygote with others.
 */
typedef void worker_body(const struct task *task, struct bytes input, struct buffer *output,
                         struct receipt *receipt, struct report *report);

worker_body worker_disarm;

/*
 * Maps the input, closes everything but the descriptors of the task, enters the sandbox, runs the
 * body, writes output and report, and ends the process. Called in a fresh child of the zygote.
 */
_Noreturn void worker_run(const struct sandbox *sandbox, worker_body *body, const struct task *task,
                          const int descriptors[static TASK_DESCRIPTORS]);

#endif
