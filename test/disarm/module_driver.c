/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs one format module in this very process, without the sandbox, and prints the receipt: for
 * debuggers and sanitizers. It exists in the test tree only.
 *
 * usage: module_driver FORMAT rebuild|flatten|text IN OUT [PASSWORD]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disarm/format/format.h"
#include "disarm/verify/verify.h"

static void read_whole(const char *path, struct buffer *into)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    size_t got;
    do {
        buffer_reserve(into, 1 << 16);
        got = fread(into->data + into->length, 1, 1 << 16, file);
        into->length += got;
    } while (got);
    fclose(file);
}

static void write_whole(const char *path, struct bytes bytes)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes.data, 1, bytes.length, file) != bytes.length || fclose(file)) {
        perror(path);
        exit(2);
    }
}

static format_treatment *treatment_of(const struct format *format, const char *name,
                                      struct disarm_options *options)
{
    format_treatment *const functions[] = {format->rebuild, format->flatten, format->text};
    for (int i = 0; i < DISARM_TREATMENT_COUNT; i++) {
        options->treatment = i;
        if (!strcmp(name, disarm_treatment_name(i)))
            return functions[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const struct format *format = argc >= 5 ? format_find(argv[1]) : NULL;
    struct disarm_options options = disarm_default_options;
    format_treatment *treat = format ? treatment_of(format, argv[2], &options) : NULL;
    if (!treat) {
        fprintf(stderr, "usage: module_driver FORMAT rebuild|flatten|text IN OUT [PASSWORD]\n");
        return 2;
    }
    options.password = argc > 5 ? argv[5] : NULL;
    AUTO_BUFFER in = {0}, out = {0}, json = {0};
    read_whole(argv[3], &in);
    struct receipt receipt = {.treatment = options.treatment};
    struct job_usage usage = {0};
    const struct format *made =
        format_find(options.treatment == DISARM_TEXT ? "text" : format->output);
    struct job job = {.options = &options,
                      .receipt = &receipt,
                      .usage = &usage,
                      .path = "",
                      .name = argv[3],
                      .format = format,
                      .output_format = made};
    int failed = treat(&job, buffer_bytes(&in), &out, &receipt.reason);
    struct verify_job verify = {.limits = &options.limits, .password = options.password};
    if (!failed && job.output_format && job.output_format->verify)
        failed = job.output_format->verify(&verify, buffer_bytes(&out), &receipt.reason);
    if (failed)
        receipt.verdict = RECEIPT_REFUSED;
    else
        write_whole(argv[4], buffer_bytes(&out));
    receipt_write_json(&receipt, &json);
    puts(buffer_string(&json));
    receipt_clear(&receipt);
    return failed ? 1 : 0;
}
