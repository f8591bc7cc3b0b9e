/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a file is, told by its content; and whether its name says something else.
 *
 * Own signature tests come first, then a look inside zip and OLE2 containers, then tests for text,
 * and only then libmagic. Everything here runs inside a worker.
 */
#ifndef DISARM_FORMAT_IDENTIFY_H
#define DISARM_FORMAT_IDENTIFY_H

#include "disarm/format/format.h"

/*
 * Loads libmagic's database; the zygote calls it before the sandbox closes. Without it unknown
 * bytes stay unknown. 0 or -1 with the error filled.
 */
int identify_warm(struct error *error);

/*
 * The format of `in`. claimed_name may be NULL; it decides only between kinds whose bytes look
 * alike (csv and text, an e-mail and a text with headings).
 *
 * Never NULL when 0 is returned, but the format may have no treatment: then it is known and refused
 * (format_refuse). Errors: empty_file, format_unknown, polyglot.
 */
int identify_content(struct bytes in, const char *claimed_name, const struct format **format,
                     struct error *error);

/* How a claim (a file name, a media type) and the content agree. */
enum identify_match {
    IDENTIFY_AGREES,   /* the same, or nothing was claimed */
    IDENTIFY_DIFFERS,  /* another type, no more dangerous than the claimed one */
    IDENTIFY_DISGUISE, /* the real type is more dangerous than the claimed one */
};

/*
 * Compares a format with the extension of a file name and with a declared media type, each of which
 * may be NULL. *claimed (may be NULL) is the format that was claimed when they differ.
 */
enum identify_match identify_compare(const struct format *real, const char *claimed_name,
                                     const char *claimed_media_type, const struct format **claimed);

/* Fills error with format_not_supported and what may be sent instead; returns -1. */
int identify_refuse(const struct format *format, const char *where, struct error *error);

#endif
