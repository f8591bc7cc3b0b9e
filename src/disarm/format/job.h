/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a format module is given and what it may ask for while it works on one object of one file.
 * All of this runs inside a sandboxed worker: no files, no sockets, no clock, no database.
 */
#ifndef DISARM_FORMAT_JOB_H
#define DISARM_FORMAT_JOB_H

#include "base/buffer.h"
#include "base/error.h"
#include "disarm/disarm.h"
#include "disarm/receipt.h"

struct format;

/* What was used so far, over the whole file. */
struct job_usage {
    uint64_t unpacked_bytes;
    uint64_t members;
    uint64_t pixels;
    uint64_t pages;
};

/* One object being disarmed: the file itself, or something nested in it. */
struct job {
    const struct disarm_options *options; /* borrowed */
    struct receipt *receipt;              /* borrowed, shared with nested jobs */
    struct job_usage *usage;              /* borrowed, shared with nested jobs */
    const char *path;                     /* this object's place, "" for the file itself */
    const char *name;                     /* file name claimed for it, or NULL */
    uint64_t depth;                       /* 0 for the file itself */
    const struct format *format;          /* what it was identified as */
    const struct format
        *output_format; /* set by the caller to the format's default output; a module may
                           change it (csv out of a text treatment, pdf out of flatten) */
};

/*
 * Adds a receipt row for the part `part` of this object (NULL or "": the object itself). The row's
 * path is the job's path and the part, joined by '/'. See receipt_add for kind, action and reason.
 */
void job_record(struct job *job, const char *part, const char *kind, enum receipt_action action,
                const char *reason, uint64_t bytes_in, uint64_t bytes_out);

/*
 * Charge the file for what was really read or made. 0, or -1 with a limit_* error whose place is
 * the job's path. packed_total is the packed size the unpacked bytes came from, for the ratio limit
 * (0: not looked at).
 */
int job_use_unpacked(struct job *job, uint64_t bytes, uint64_t packed_total, struct error *error);
int job_use_members(struct job *job, uint64_t count, struct error *error);
int job_use_pixels(struct job *job, uint64_t width, uint64_t height, struct error *error);
int job_use_pages(struct job *job, uint64_t count, struct error *error);

/*
 * Disarms the object that the job describes: tells its type by content, compares that with
 * job->name and the declared media type (NULL: none), and applies the treatment of the options. The
 * new file is appended to `out`; job->format and job->output_format are set. -1 with the error
 * filled when it is refused; what is in `out` is then worth nothing.
 */
int job_disarm(struct job *job, const char *media_type, struct bytes in, struct buffer *out,
               struct error *error);

/*
 * Disarms something nested: identifies `in`, finds its module, applies the treatment, and appends
 * what came out to `out`. part is its place inside this object; claimed_name its file name there
 * (for the type check), or NULL. On success *format says what was made. On failure nothing is
 * appended, a row says dropped with the error's code as reason, and -1 is returned with the error
 * filled: the caller drops the object or fails.
 */
int job_disarm_nested(struct job *job, const char *part, const char *claimed_name, struct bytes in,
                      struct buffer *out, const struct format **format, struct error *error);

/* As job_disarm_nested, for a part of a mail that declares a media type (NULL: none). */
int job_disarm_attachment(struct job *job, const char *part, const char *claimed_name,
                          const char *media_type, struct bytes in, struct buffer *out,
                          const struct format **format, struct error *error);

/* As job_disarm_nested, but anything that is not a picture (format.h) is refused as not_a_picture.
 */
int job_disarm_picture(struct job *job, const char *part, struct bytes in, struct buffer *out,
                       const struct format **format, struct error *error);

#endif
