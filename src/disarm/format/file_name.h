/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of files inside archives and mails: what they may be, so that no system takes them for
 * something else. Only the name is looked at; what the file is, its content decides.
 */
#ifndef DISARM_FORMAT_FILE_NAME_H
#define DISARM_FORMAT_FILE_NAME_H

#include "disarm/format/job.h"

/* Why a name was rewritten; a set. */
enum file_name_change {
    FILE_NAME_HIDDEN = 1 << 0,    /* characters that nobody sees or that turn the direction */
    FILE_NAME_FORBIDDEN = 1 << 1, /* < > : " | ? * and the like, blanks and dots at the end */
    FILE_NAME_DEVICE = 1 << 2,    /* CON, NUL, COM1 …: devices in Windows */
    FILE_NAME_LONG = 1 << 3,      /* more bytes than file systems take */
    FILE_NAME_LOOKALIKE =
        1 << 4, /* a second extension, blanks before the extension, mixed scripts */
    FILE_NAME_TRAVERSAL = 1 << 5, /* "..", an absolute path, a drive or a server */
};

/* Bytes of one name; Linux file systems take 255, and an archive may add " (99999)". */
#define FILE_NAME_BYTES 230u

/*
 * Appends a safe form of one path component and returns what was changed. Never empty, never "."
 * or "..", and the safe form of a safe form is itself.
 */
unsigned file_name_clean(struct bytes component, struct buffer *out);

/* As file_name_clean for a path with '/' or '\' between its components. Empty when nothing but
 * separators and dots was there. A separator at the end stays, as one '/'. */
unsigned file_path_clean(struct bytes path, struct buffer *out);

/* Records a row for each kind of change. part as in job_record. */
void file_name_record(struct job *job, const char *part, unsigned changes);

#endif
