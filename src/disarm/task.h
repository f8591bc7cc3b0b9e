/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What passes between the pool and the zygote, and how it is written down.
 *
 * pool → zygote: a task, with its descriptors. zygote → pool: first what started (with a pidfd),
 * later how it ended. All of it is trusted; what a worker itself reports is in report.h.
 */
#ifndef DISARM_TASK_H
#define DISARM_TASK_H

#include "base/ipc.h"
#include "disarm/disarm.h"

enum task_stage {
    TASK_REBUILD, /* hostile input → new file */
    TASK_VERIFY,  /* new file → yes or no, by the second reader */
    TASK_PREVIEW, /* input → a picture of a page */
    TASK_PRINT,   /* description of printed pages → PDF */
    TASK_STAGE_COUNT,
};

/* "rebuild", "verify", "preview", "print": the place named in a refusal. */
const char *task_stage_name(enum task_stage stage);

/* Order of a task's descriptors in its frame. */
enum task_descriptor {
    TASK_INPUT,  /* sealed memory file, read only */
    TASK_OUTPUT, /* memory file for the new file; a verify task has none to write */
    TASK_REPORT, /* memory file for the report */
    TASK_DESCRIPTORS,
};

struct task {
    uint64_t number; /* chosen by the pool, never used twice */
    enum task_stage stage;
    struct disarm_options options; /* password owned by the task, see task_clear */
    char *name;                    /* file name claimed, or NULL; owned */
    char *format;                  /* verify: name of the format made; owned */
};

void task_encode(const struct task *task, struct buffer *message);

/* 0, or -1 with ipc_failed. On success the caller calls task_clear. */
int task_decode(struct bytes message, struct task *task, struct error *error);

/* Frees what the task owns and wipes the password. */
void task_clear(struct task *task);

enum task_event_kind {
    TASK_STARTED, /* a pidfd of the worker comes with it */
    TASK_ENDED,
    TASK_EVENT_COUNT,
};

struct task_event {
    uint64_t number;
    enum task_event_kind kind;
    uint32_t signal;     /* ended: the signal that killed the worker, or 0 */
    uint32_t status;     /* ended: its exit status */
    uint64_t peak_bytes; /* ended: peak resident memory */
    uint64_t cpu_us;     /* ended: processor time */
};

void task_event_encode(const struct task_event *event, struct buffer *message);
int task_event_decode(struct bytes message, struct task_event *event, struct error *error);

#endif
