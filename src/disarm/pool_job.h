/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file on its way through the pool: its stages, and what its ending means. */
#ifndef DISARM_POOL_JOB_H
#define DISARM_POOL_JOB_H

#include "disarm/receipt.h"
#include "disarm/report.h"
#include "disarm/task.h"

struct pool_job {
    struct pool_job *next;       /* in the list it is in */
    struct disarm_result result; /* being filled; its receipt is allocated */
    struct task task;            /* current stage */
    const struct format *made;   /* what the rebuild stage made */
    int input, output, report;   /* memory files, -1: none */
    int process;                 /* pidfd of the worker, -1: none */
    bool timed_out;              /* killed because its time was over */
    bool renders;                /* needs a zygote that can render */
    uint64_t submitted_us;       /* monotonic; moved on by the time it waited for a worker */
    uint64_t queued_us;
    uint64_t deadline_us;
};

/* Copies the input into memory; stage is its first one. Always a job; finished (see
 * pool_job_finished) when refused. */
struct pool_job *pool_job_open(int input, const char *name, enum task_stage stage,
                               const struct disarm_options *options, void *context);

/* Gets the descriptors for the current stage ready. 0, or -1 after refusing the file. */
int pool_job_prepare(struct pool_job *job, int null, int descriptors[static TASK_DESCRIPTORS]);

/*
 * Takes the end of the current stage's worker into account. True when the file is finished, false
 * when the next stage has to run, or the same one again where it can render.
 */
bool pool_job_advance(struct pool_job *job, const struct task_event *event);

/* Ends the file with a refusal. No output survives. */
void pool_job_refuse(struct pool_job *job, const struct error *reason);

/* True when the file has its verdict. */
bool pool_job_finished(const struct pool_job *job);

/* Takes the result out, filled, and frees the job. The caller frees it by disarm_result_free. */
struct disarm_result *pool_job_take_result(struct pool_job *job);

/* Frees a job whose result nobody wants. */
void pool_job_close(struct pool_job *job);

/* The monotonic clock in microseconds. */
uint64_t pool_now_us(void);

#endif
