/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of formats: what each is called, which treatments it has and which functions do them.
 *
 * A module writes a new file from the parts that it understands; what it does not know does not get
 * written. Its functions append to `out` only what is finished and safe, and return -1 with the
 * error filled (code, place, detail) to refuse. They record a row for every object they meet.
 */
#ifndef DISARM_FORMAT_FORMAT_H
#define DISARM_FORMAT_FORMAT_H

#include "disarm/format/job.h"

/* A treatment of one format: reads `in`, appends the new file to `out`. */
typedef int format_treatment(struct job *job, struct bytes in, struct buffer *out,
                             struct error *error);

struct verify_job;

/* The second reader: 0 when every byte of `out` is on the format's allow-list. See verify/verify.h.
 */
typedef int format_verifier(struct verify_job *job, struct bytes out, struct error *error);

/* How much harm a type can do where somebody opens it, for the check of content against name. */
enum format_danger {
    DANGER_PLAIN,    /* text, csv */
    DANGER_PICTURE,  /* pictures */
    DANGER_DOCUMENT, /* documents without macros, pdf */
    DANGER_CARRIER,  /* archives, mails: carry other files */
    DANGER_ACTIVE,   /* documents of a kind that may hold macros or scripts */
    DANGER_PROGRAM,  /* runs when opened */
};

struct format {
    const char *name;       /* "docx": in receipts, in --formats, and the usual extension */
    const char *media_type; /* RFC 6838 */
    const char *extensions; /* every extension it may honestly carry, separated by blanks */
    const char *output;     /* name of the format that a rebuild makes ("docx" for docm); NULL: the
                               format is known by name only (refused.h) */
    enum format_danger danger;
    bool picture;              /* may stand inside documents */
    format_treatment *rebuild; /* NULL: treatment not offered */
    format_treatment *flatten;
    format_treatment *text;
    format_verifier *verify; /* required when the format is the output of any treatment */
};

/* The format called name, or NULL. */
const struct format *format_find(const char *name);

/*
 * Loads what the modules need before the sandbox closes: libraries' files, tables, converters.
 * Called once in the zygote; the list stands in formats.c. Without `rendering`, what renders and
 * its fonts are left out, and a worker that comes to need them ends at once (worker.h). 0 or -1.
 */
int format_warm(bool rendering, struct error *error);

/* All formats in the order of --formats; *count is their number. */
const struct format *format_all(size_t *count);

#endif
