/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What fuzz targets of format modules share: a rebuilt file must pass its own verifier, and a
 * second rebuild must not change it. Anything else ends in abort().
 */
#ifndef FUZZ_MODULE_H
#define FUZZ_MODULE_H

#include <stdio.h>
#include <stdlib.h>

#include "disarm/format/format.h"
#include "disarm/verify/verify.h"
#include "fuzz.h"

/* Limits under which one input takes milliseconds. */
static inline struct disarm_options module_options(void)
{
    struct disarm_options options = disarm_default_options;
    options.limits.unpacked_bytes = 4 << 20;
    options.limits.pixels = 1 << 20;
    options.limits.pages = 50;
    options.limits.members = 500;
    options.limits.receipt_rows = 200;
    return options;
}

static inline int module_run(const char *name, const struct disarm_options *options,
                             struct bytes in, struct buffer *out)
{
    struct receipt receipt = {.row_limit = 200};
    struct job_usage usage = {0};
    struct error error = {0};
    const struct format *format = format_find(name);
    struct job job = {.options = options,
                      .receipt = &receipt,
                      .usage = &usage,
                      .path = "",
                      .format = format,
                      .output_format = format_find(format->output)};
    int failed = format->rebuild(&job, in, out, &error);
    receipt_clear(&receipt);
    if (failed) {
        if (!error.code)
            abort();
        return -1;
    }
    struct verify_job verify = {.limits = &options->limits, .password = options->password};
    if (job.output_format->verify(&verify, buffer_bytes(out), &error)) {
        fprintf(stderr, "%s: %s (%s)\n", error.code, error.detail, error.where);
        abort();
    }
    return 0;
}

/* Rebuilds, verifies and rebuilds again; also hands the raw input to the verifier. */
static inline void module_check(const char *name, const struct disarm_options *options,
                                const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    AUTO_BUFFER once = {0}, twice = {0};
    struct verify_job verify = {.limits = &options->limits, .password = options->password};
    struct error error = {0};
    format_find(name)->verify(&verify, in, &error);
    if (module_run(name, options, in, &once))
        return;
    if (module_run(name, options, buffer_bytes(&once), &twice) ||
        !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
        abort();
}

#endif
