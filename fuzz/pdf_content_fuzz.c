/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small languages inside PDF: content passes its second reader, programs come out the same
 * twice. */
#include <stdio.h>
#include <stdlib.h>

#include "disarm/format/format.h"
#include "disarm/format/pdf_content.h"
#include "disarm/format/pdf_program.h"
#include "disarm/verify/pdf_content.h"
#include "fuzz.h"

static void rewrite_content(struct bytes in, struct buffer *out)
{
    struct disarm_options options = disarm_default_options;
    options.limits.pixels = 1 << 20;
    options.limits.unpacked_bytes = 4 << 20;
    struct receipt receipt = {0};
    struct job_usage usage = {0};
    struct job job = {
        .options = &options, .receipt = &receipt, .usage = &usage, .path = "", .format = NULL};
    struct error error = {0};
    struct pdf_copy copy;
    AUTO_BUFFER file = {0};
    pdf_copy_open(&copy, &job, NULL, &file, in.length, &error);
    pdf_content_rewrite(&copy, in, out);
    bool failed = copy.failed;
    pdf_copy_close(&copy);
    receipt_clear(&receipt);
    struct verify_job verify = {.limits = &disarm_default_limits};
    if (!failed && verify_pdf_content(&verify, buffer_bytes(out), &error)) {
        fprintf(stderr, "verify: %s %s\n", error.where, error.detail);
        abort();
    }
}

static void rewrite_font(struct bytes in)
{
    AUTO_BUFFER once = {0}, twice = {0}, keys = {0};
    if (!pdf_font_rewrite(in, &once, &keys))
        return;
    if (!pdf_font_rewrite(buffer_bytes(&once), &twice, &keys) ||
        !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
        abort();
}

static void rewrite_programs(struct bytes in)
{
    AUTO_BUFFER once = {0}, twice = {0};
    if (pdf_cmap_rewrite(in, &once) && (!pdf_cmap_rewrite(buffer_bytes(&once), &twice) ||
                                        !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice))))
        abort();
    buffer_clear(&once);
    buffer_clear(&twice);
    if (pdf_calculator_rewrite(in, &once) &&
        (!pdf_calculator_rewrite(buffer_bytes(&once), &twice) ||
         !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice))))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    AUTO_BUFFER once = {0}, twice = {0};
    rewrite_content(in, &once);
    rewrite_content(buffer_bytes(&once), &twice);
    if (!bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
        abort();
    rewrite_font(in);
    rewrite_programs(in);
    return 0;
}
