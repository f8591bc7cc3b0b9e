/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures: the first byte chooses the format, the rest is the file. What a rebuild gives must pass
 * the verifier and must come out the same when it is rebuilt once more; what a flatten gives must
 * pass the verifier.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disarm/format/format.h"
#include "disarm/verify/verify.h"
#include "fuzz.h"

/* Small enough that no input takes long. */
#define PIXELS_LIMIT 100000

static const char *const formats[] = {"jpeg", "png", "gif", "bmp", "tiff", "webp", "emf", "wmf"};

/* 0 when the treatment made a file, which has then passed its verifier. */
static int treat(const struct format *format, enum disarm_treatment treatment, struct bytes in,
                 struct buffer *out)
{
    struct disarm_options options = disarm_default_options;
    options.treatment = treatment;
    options.limits.pixels = PIXELS_LIMIT;
    struct receipt receipt = {0};
    struct job_usage usage = {0};
    struct error error = {0};
    struct job job = {.options = &options,
                      .receipt = &receipt,
                      .usage = &usage,
                      .path = "",
                      .format = format,
                      .output_format = format};
    format_treatment *function = treatment == DISARM_FLATTEN ? format->flatten : format->rebuild;
    int failed = function(&job, in, out, &error);
    receipt_clear(&receipt);
    struct verify_job verify = {.limits = &options.limits};
    if (!failed && job.output_format->verify(&verify, buffer_bytes(out), &error)) {
        fprintf(stderr, "%s: %s %s %s\n", format->name, error.code, error.where, error.detail);
        abort();
    }
    if ((failed != 0) != (error.code != NULL))
        abort();
    return failed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const struct format *format =
        format_find(formats[data[0] % (sizeof formats / sizeof *formats)]);
    struct bytes in = {data + 1, size - 1};
    AUTO_BUFFER out = {0}, again = {0}, flat = {0};
    if (!format || !format->rebuild)
        return 0;
    if (!treat(format, DISARM_REBUILD, in, &out)) {
        if (treat(format, DISARM_REBUILD, buffer_bytes(&out), &again) ||
            !bytes_equal(buffer_bytes(&out), buffer_bytes(&again)))
            abort();
    }
    if (format->flatten)
        treat(format, DISARM_FLATTEN, in, &flat);
    return 0;
}
