/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disarming one object: type, claim, treatment; and the same for objects inside objects. */
#include "disarm/format/identify.h"

#include <inttypes.h>
#include <stdio.h>

/* Refuses a disguise, and writes a row for every claim that is not true. */
static int check_claim(struct job *job, const char *media_type, size_t size, struct error *error)
{
    const struct format *claimed;
    enum identify_match match = identify_compare(job->format, job->name, media_type, &claimed);
    if (match == IDENTIFY_AGREES)
        return 0;
    if (match == IDENTIFY_DISGUISE && !job->options->allow_mismatch)
        return error_set(error, "type_mismatch", job->path, "%s → %s", claimed->name,
                         job->format->name);
    job_record(job, NULL, "file", RECEIPT_REWRITTEN, "type_mismatch", size, size);
    return 0;
}

static format_treatment *treatment_of(const struct format *format, enum disarm_treatment treatment)
{
    format_treatment *const functions[DISARM_TREATMENT_COUNT] = {
        [DISARM_REBUILD] = format->rebuild,
        [DISARM_FLATTEN] = format->flatten,
        [DISARM_TEXT] = format->text,
    };
    return functions[treatment];
}

/* Applies a treatment to an object whose type is known. */
static int treat(struct job *job, enum disarm_treatment treatment, struct bytes in,
                 struct buffer *out, struct error *error)
{
    const struct format *format = job->format;
    if (!format->output)
        return identify_refuse(format, job->path, error);
    format_treatment *function = treatment_of(format, treatment);
    if (!function)
        return error_set(error, "treatment_not_offered", job->path, "%s: %s", format->name,
                         disarm_treatment_name(treatment));
    job->output_format = format_find(treatment == DISARM_TEXT ? "text" : format->output);
    if (function(job, in, out, error))
        return -1;
    if (!job->output_format || !job->output_format->verify)
        return error_set(error, "verifier_missing", job->path, "%s", format->name);
    return 0;
}

int job_disarm(struct job *job, const char *media_type, struct bytes in, struct buffer *out,
               struct error *error)
{
    if (identify_content(in, job->name, &job->format, error) ||
        check_claim(job, media_type, in.length, error))
        return -1;
    return treat(job, job->options->treatment, in, out, error);
}

/* A job for the part `part` inside `job`; its path is built in `path`. */
static struct job nest(struct job *job, const char *part, const char *name, struct buffer *path)
{
    buffer_append_string(path, job->path);
    if (path->length)
        buffer_append_byte(path, '/');
    buffer_append_string(path, part ? part : "");
    struct job nested = *job;
    nested.path = buffer_string(path);
    nested.name = name;
    nested.depth = job->depth + 1;
    return nested;
}

/* Puts the path of the nested object in front of the place of an error inside it. */
static void place_error(const char *path, struct error *error)
{
    struct error copy = *error;
    if (!strncmp(copy.where, path, strlen(path)))
        return;
    AUTO_BUFFER where = {0};
    buffer_append_string(&where, path);
    if (*copy.where) {
        buffer_append_byte(&where, '/');
        buffer_append_string(&where, copy.where);
    }
    error_set(error, copy.code, buffer_string(&where), "%s", copy.detail);
}

/* What a nested object may be. */
enum nested_kind {
    NESTED_ANY,
    NESTED_PICTURE,
};

static int run_nested(struct job *nested, enum nested_kind kind, const char *media_type,
                      struct bytes in, struct buffer *out, struct error *error)
{
    if (nested->depth > nested->options->limits.depth)
        return error_set(error, "limit_depth", nested->path, "%" PRIu64,
                         nested->options->limits.depth);
    if (kind == NESTED_ANY)
        return job_disarm(nested, media_type, in, out, error);
    if (identify_content(in, NULL, &nested->format, error))
        return -1;
    if (!nested->format->picture)
        return error_set(error, "not_a_picture", nested->path, "%s", nested->format->name);
    return treat(nested, DISARM_REBUILD, in, out, error);
}

static int disarm_nested(struct job *job, enum nested_kind kind, const char *part, const char *name,
                         const char *media_type, struct bytes in, struct buffer *out,
                         const struct format **format, struct error *error)
{
    struct error own = {0};
    AUTO_BUFFER path = {0};
    struct job nested = nest(job, part, name, &path);
    size_t rows = job->receipt->row_count, length = out->length;
    if (!run_nested(&nested, kind, media_type, in, out, &own)) {
        *format = nested.output_format;
        return 0;
    }
    out->length = length;
    receipt_take_back(job->receipt, rows);
    job_record(job, part, kind == NESTED_PICTURE ? "picture" : "file", RECEIPT_DROPPED, own.code,
               in.length, 0);
    place_error(nested.path, &own);
    if (error)
        *error = own;
    return -1;
}

int job_disarm_nested(struct job *job, const char *part, const char *claimed_name, struct bytes in,
                      struct buffer *out, const struct format **format, struct error *error)
{
    return disarm_nested(job, NESTED_ANY, part, claimed_name, NULL, in, out, format, error);
}

int job_disarm_attachment(struct job *job, const char *part, const char *claimed_name,
                          const char *media_type, struct bytes in, struct buffer *out,
                          const struct format **format, struct error *error)
{
    return disarm_nested(job, NESTED_ANY, part, claimed_name, media_type, in, out, format, error);
}

int job_disarm_picture(struct job *job, const char *part, struct bytes in, struct buffer *out,
                       const struct format **format, struct error *error)
{
    return disarm_nested(job, NESTED_PICTURE, part, NULL, NULL, in, out, format, error);
}
