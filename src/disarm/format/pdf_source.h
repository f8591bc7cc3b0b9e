/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PDF as it came in, read by qpdf: objects one by one, and the undecoded data of streams. */
#ifndef DISARM_FORMAT_PDF_SOURCE_H
#define DISARM_FORMAT_PDF_SOURCE_H

#include "base/error.h"
#include "disarm/format/pdf_value.h"

struct pdf_source;

/* One indirect object. Strings are decrypted, references unresolved. */
struct pdf_object {
    struct pdf_value value; /* of a stream: its dictionary */
    bool is_stream;
};

/*
 * Opens a PDF; damaged ones are repaired as far as qpdf can. NULL with password_needed,
 * password_wrong or bad_pdf. `in` and password (UTF-8 or NULL) are borrowed until pdf_source_close.
 */
struct pdf_source *pdf_source_open(struct bytes in, const char *password, struct error *error);
void pdf_source_close(struct pdf_source *source); /* NULL does nothing */

/* True when the input was encrypted. */
bool pdf_source_is_encrypted(const struct pdf_source *source);

/* The dictionary that says where the catalogue is (Root, Info); null when there is none. */
struct pdf_value pdf_source_trailer(struct pdf_source *source, struct pdf_arena *arena);

/* An object by its reference, in the arena; a null object when there is no such thing. */
struct pdf_object pdf_source_load(struct pdf_source *source, struct pdf_reference reference,
                                  struct pdf_arena *arena);

/* Appends a stream's data, decrypted but not decoded. -1 when there are none to read. */
int pdf_source_stream(struct pdf_source *source, struct pdf_reference reference,
                      struct buffer *data);

/* The value, or what it refers to when it is a reference. */
struct pdf_object pdf_source_resolve(struct pdf_source *source, const struct pdf_value *value,
                                     struct pdf_arena *arena);

#endif
