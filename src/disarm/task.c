/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing tasks and their events down for the way between pool and zygote. */
#include "disarm/task.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    TEXT_MAX = 4096, /* of a name or a password */
};

const char *task_stage_name(enum task_stage stage)
{
    static const char *const names[TASK_STAGE_COUNT] = {"rebuild", "verify", "preview", "print"};
    return names[stage];
}

void task_encode(const struct task *task, struct buffer *message)
{
    const struct disarm_options *options = &task->options;
    ipc_put_u64(message, task->number);
    ipc_put_u8(message, (uint8_t)task->stage);
    ipc_put_u8(message, (uint8_t)options->treatment);
    struct disarm_limits limits = options->limits;
    for (size_t i = 0; disarm_limit_name(i); i++)
        ipc_put_u64(message, *disarm_limit_find(&limits, disarm_limit_name(i)));
    ipc_put_u32(message, options->flatten_dpi);
    ipc_put_u32(message, options->preview_page);
    ipc_put_u8(message, options->keep_metadata);
    ipc_put_u8(message, options->keep_comments);
    ipc_put_u8(message, options->allow_mismatch);
    ipc_put_u8(message, options->text_to_utf8);
    ipc_put_u8(message, options->encrypt_again);
    ipc_put_string(message, options->password);
    ipc_put_string(message, task->name);
    ipc_put_string(message, task->format);
}

static uint8_t take_below(struct ipc_reader *reader, uint8_t limit)
{
    uint8_t value = ipc_take_u8(reader);
    if (value >= limit)
        ipc_fail(reader);
    return value < limit ? value : 0;
}

int task_decode(struct bytes message, struct task *task, struct error *error)
{
    struct ipc_reader reader = ipc_reader_open(message);
    *task = (struct task){0};
    struct disarm_options *options = &task->options;
    task->number = ipc_take_u64(&reader);
    task->stage = take_below(&reader, TASK_STAGE_COUNT);
    options->treatment = take_below(&reader, DISARM_TREATMENT_COUNT);
    for (size_t i = 0; disarm_limit_name(i); i++)
        *disarm_limit_find(&options->limits, disarm_limit_name(i)) = ipc_take_u64(&reader);
    options->flatten_dpi = ipc_take_u32(&reader);
    options->preview_page = ipc_take_u32(&reader);
    options->keep_metadata = take_below(&reader, 2);
    options->keep_comments = take_below(&reader, 2);
    options->allow_mismatch = take_below(&reader, 2);
    options->text_to_utf8 = take_below(&reader, 2);
    options->encrypt_again = take_below(&reader, 2);
    options->password = ipc_take_string(&reader, TEXT_MAX);
    task->name = ipc_take_string(&reader, TEXT_MAX);
    task->format = ipc_take_string(&reader, TEXT_MAX);
    if (ipc_finished(&reader) && (task->stage != TASK_VERIFY || task->format))
        return 0;
    task_clear(task);
    return error_set(error, "ipc_failed", "task", "%s", "");
}

void task_clear(struct task *task)
{
    char *password = (char *)(uintptr_t)task->options.password;
    if (password)
        explicit_bzero(password, strlen(password));
    free(password);
    free(task->name);
    free(task->format);
    *task = (struct task){0};
}

void task_event_encode(const struct task_event *event, struct buffer *message)
{
    ipc_put_u64(message, event->number);
    ipc_put_u8(message, (uint8_t)event->kind);
    ipc_put_u32(message, event->signal);
    ipc_put_u32(message, event->status);
    ipc_put_u64(message, event->peak_bytes);
    ipc_put_u64(message, event->cpu_us);
}

int task_event_decode(struct bytes message, struct task_event *event, struct error *error)
{
    struct ipc_reader reader = ipc_reader_open(message);
    event->number = ipc_take_u64(&reader);
    event->kind = take_below(&reader, TASK_EVENT_COUNT);
    event->signal = ipc_take_u32(&reader);
    event->status = ipc_take_u32(&reader);
    event->peak_bytes = ipc_take_u64(&reader);
    event->cpu_us = ipc_take_u64(&reader);
    return ipc_finished(&reader) ? 0 : error_set(error, "ipc_failed", "event", "%s", "");
}
