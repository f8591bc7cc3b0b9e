/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of identify.c: each gives the name of a format, or NULL when it does not know. */
#ifndef DISARM_FORMAT_IDENTIFY_PARTS_H
#define DISARM_FORMAT_IDENTIFY_PARTS_H

#include "base/bytes.h"

/* By the bytes at fixed places. "zip" and "ole2" need a look inside. */
const char *identify_signature(struct bytes in);

/* A zip by its members: docx …, odt …, jar, or zip. Never NULL. */
const char *identify_zip(struct bytes in);

/* An OLE2 compound file by its streams: doc, xls, ppt, msg, ooxml_encrypted, … or ole2. */
const char *identify_ole2(struct bytes in);

/* Text by its first words: html, svg, rtf, script, eml … or text; NULL: not text at all. */
const char *identify_text(struct bytes in);

/* True when the bytes hold no control characters that text never has, or are UTF-16 with a mark. */
bool identify_is_text(struct bytes in);

/*
 * A second meaning of the same bytes: why they are a polyglot (a few words), or NULL. name is what
 * they were identified as, picture whether that is a picture.
 */
const char *identify_polyglot(struct bytes in, const char *name, bool picture);

/* Place of the first "%PDF-<digit>" within the first 1024 bytes, where readers look; SIZE_MAX. */
size_t identify_pdf_header(struct bytes in);

/* One member of a zip's central directory. */
struct zip_member {
    struct bytes name;
    uint16_t flags;
    uint16_t method;
    struct bytes data; /* packed, as far as the file goes */
};

/*
 * Where the central directory of a zip is. True when an end record is found whose directory stands
 * where it says. to_end: only when the end record's comment reaches exactly to the end of the file.
 */
struct zip_directory {
    size_t offset; /* of the first entry */
    size_t length; /* bytes */
    size_t shift;  /* bytes in front of the archive, to be added to every offset in it */
};
bool identify_zip_directory(struct bytes in, bool to_end, struct zip_directory *directory);

#endif
