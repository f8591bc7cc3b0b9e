/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running one module in a test, with the second reader and the promise S(S(x)) = S(x). */
#ifndef TEST_DISARM_TREAT_H
#define TEST_DISARM_TREAT_H

#include "disarm/format/format.h"
#include "disarm/verify/verify.h"

struct treated {
    struct disarm_options options;
    struct receipt receipt;
    struct buffer out;
    const struct format *made;
    struct error error;
};

/* A run with the default options, which a test may change before treat(). */
static inline struct treated treated_open(enum disarm_treatment treatment)
{
    struct treated treated = {.options = disarm_default_options};
    treated.options.treatment = treatment;
    return treated;
}

/* 0, or -1 with treated->error: of the module, or of the verifier of what it made. */
static inline int treat_once(struct treated *treated, const char *format_name, struct bytes in)
{
    const struct format *format = format_find(format_name);
    struct job_usage usage = {0};
    enum disarm_treatment treatment = treated->options.treatment;
    struct job job = {
        .options = &treated->options,
        .receipt = &treated->receipt,
        .usage = &usage,
        .path = "",
        .format = format,
        .output_format = format_find(treatment == DISARM_TEXT ? "text" : format->output),
    };
    format_treatment *function = treatment == DISARM_TEXT ? format->text : format->rebuild;
    if (function(&job, in, &treated->out, &treated->error))
        return -1;
    treated->made = job.output_format;
    struct verify_job verify = {.limits = &treated->options.limits,
                                .password = treated->options.password};
    return treated->made->verify(&verify, buffer_bytes(&treated->out), &treated->error);
}

static inline void treated_close(struct treated *treated)
{
    receipt_clear(&treated->receipt);
    buffer_free(&treated->out);
}

/* As treat_once; what comes out must come out the same when it is treated again. */
static inline int treat(struct treated *treated, const char *format_name, struct bytes in)
{
    if (treat_once(treated, format_name, in))
        return -1;
    struct treated again = {.options = treated->options};
    int failed = treat_once(&again, treated->made->name, buffer_bytes(&treated->out));
    if (!failed && !bytes_equal(buffer_bytes(&again.out), buffer_bytes(&treated->out)))
        failed = error_set(&treated->error, "not_idempotent", NULL, "%s", "");
    else if (failed)
        treated->error = again.error;
    treated_close(&again);
    return failed;
}

/* True when the receipt has a row of this kind and reason ("" for none). */
static inline bool treated_says(const struct treated *treated, const char *kind, const char *reason)
{
    for (size_t i = 0; i < treated->receipt.row_count; i++) {
        if (!strcmp(treated->receipt.rows[i].kind, kind) &&
            !strcmp(treated->receipt.rows[i].reason, reason))
            return true;
    }
    return false;
}

#endif
