/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PDF: what is rebuilt passes the second reader, and a second pass changes nothing. Limits are low
 * so that the fuzzer does not spend its time on honest size.
 */
#include <stdio.h>
#include <stdlib.h>

#include "disarm/format/pdf.h"
#include "disarm/verify/pdf.h"
#include "fuzz.h"

static int rebuild(struct bytes in, struct buffer *out, struct error *error)
{
    struct disarm_options options = disarm_default_options;
    options.limits.unpacked_bytes = 4 << 20;
    options.limits.pixels = 1 << 20;
    options.limits.members = 2000;
    options.limits.pages = 50;
    struct receipt receipt = {0};
    struct job_usage usage = {0};
    const struct format *pdf = format_find("pdf");
    struct job job = {.options = &options,
                      .receipt = &receipt,
                      .usage = &usage,
                      .path = "",
                      .format = pdf,
                      .output_format = pdf};
    int result = pdf_rebuild(&job, in, out, error);
    receipt_clear(&receipt);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUFFER once = {0}, twice = {0};
    struct error error = {0};
    if (rebuild((struct bytes){data, size}, &once, &error))
        return 0;
    struct verify_job verify = {.limits = &disarm_default_limits};
    if (verify_pdf(&verify, buffer_bytes(&once), &error)) {
        fprintf(stderr, "verify: %s %s\n", error.where, error.detail);
        abort();
    }
    if (rebuild(buffer_bytes(&once), &twice, &error) == 0 &&
        !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
        abort();
    return 0;
}
