/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went wrong, where, and the sentence for a person.
 *
 * A function that can fail returns 0 or -1 (or NULL) and fills a struct error. The code is a key of
 * the message catalogue (`error.<code>`); the sentence itself is looked up only where it is shown.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>

struct error {
    const char *code; /* static string such as "limit_pixels"; NULL: no error */
    char where[256];  /* place inside the file or the system: "word/document.xml", "page 3" */
    char detail[256]; /* what the catalogue's sentence shows as {detail}; may be empty */
};

/*
 * Fills error (which may be NULL) and returns -1, so that callers can write
 * `return error_set(error, "bad_png", "IHDR", "width is %u", width);`.
 * code must be a static string; where may be NULL. Text that does not fit is cut at a character.
 */
int error_set(struct error *error, const char *code, const char *where, const char *detail, ...)
    __attribute__((format(printf, 4, 5)));

/* As error_set, with the sentence of errno added after detail. */
int error_set_errno(struct error *error, const char *code, const char *where);

#endif
