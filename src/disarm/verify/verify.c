/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the verifier of a format, for the file itself and for what is nested in it. */
#include "disarm/verify/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "disarm/format/format.h"

int verify_nested(struct verify_job *job, const char *format_name, struct bytes file,
                  struct error *error)
{
    const struct format *format = format_find(format_name);
    if (!format || !format->verify)
        return error_set(error, "verifier_missing", NULL, "%s", format_name);
    /* the file itself has depth 0 and counts as the first level */
    if (job->depth > job->limits->depth)
        return error_set(error, "limit_depth", NULL, "%" PRIu64, job->limits->depth);
    job->depth++;
    int result = format->verify(job, file, error);
    job->depth--;
    return result;
}
