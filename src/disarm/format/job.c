/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receipt rows and limits of one object; nested objects are in nested.c. */
#include "disarm/format/job.h"

#include <inttypes.h>
#include <stdio.h>

void job_record(struct job *job, const char *part, const char *kind, enum receipt_action action,
                const char *reason, uint64_t bytes_in, uint64_t bytes_out)
{
    AUTO_BUFFER path = {0};
    buffer_append_string(&path, job->path);
    if (part && *part) {
        if (path.length)
            buffer_append_byte(&path, '/');
        buffer_append_string(&path, part);
    }
    receipt_add(job->receipt, buffer_string(&path), kind, action, reason, bytes_in, bytes_out);
}

/* Adds to a counter and compares with its limit. */
static int use(struct job *job, uint64_t *used, uint64_t amount, uint64_t limit, const char *code,
               struct error *error)
{
    if (*used > limit || amount > limit - *used)
        return error_set(error, code, job->path, "%" PRIu64, limit);
    *used += amount;
    return 0;
}

int job_use_unpacked(struct job *job, uint64_t bytes, uint64_t packed_total, struct error *error)
{
    const struct disarm_limits *limits = &job->options->limits;
    if (use(job, &job->usage->unpacked_bytes, bytes, limits->unpacked_bytes, "limit_unpacked",
            error))
        return -1;
    uint64_t unpacked = job->usage->unpacked_bytes;
    if (packed_total && unpacked > limits->ratio_floor && unpacked / packed_total > limits->ratio)
        return error_set(error, "limit_ratio", job->path, "%" PRIu64, limits->ratio);
    return 0;
}

int job_use_members(struct job *job, uint64_t count, struct error *error)
{
    return use(job, &job->usage->members, count, job->options->limits.members, "limit_members",
               error);
}

int job_use_pixels(struct job *job, uint64_t width, uint64_t height, struct error *error)
{
    uint64_t limit = job->options->limits.pixels;
    uint64_t pixels;
    if (__builtin_mul_overflow(width, height, &pixels))
        return error_set(error, "limit_pixels", job->path, "%" PRIu64, limit);
    return use(job, &job->usage->pixels, pixels, limit, "limit_pixels", error);
}

int job_use_pages(struct job *job, uint64_t count, struct error *error)
{
    return use(job, &job->usage->pages, count, job->options->limits.pages, "limit_pages", error);
}
