/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The allow-list of a rebuilt PDF: kinds of objects, their keys and what each may hold. The tables
 * are made from data/pdf/keys.tsv at build time by tools/pdf_keys.py.
 */
#ifndef DISARM_FORMAT_PDF_KEYS_H
#define DISARM_FORMAT_PDF_KEYS_H

#include "base/bytes.h"

/* How the data of a stream are rewritten. */
enum pdf_stream_treatment {
    PDF_STREAM_NONE, /* not a stream */
    PDF_STREAM_CONTENT,
    PDF_STREAM_IMAGE,
    PDF_STREAM_RAW,
    PDF_STREAM_FONT,
    PDF_STREAM_CMAP,
    PDF_STREAM_ICC,
    PDF_STREAM_CALCULATOR,
};

enum pdf_form {
    PDF_FORM_NULL,
    PDF_FORM_NAME,
    PDF_FORM_NAME_OF, /* one of names */
    PDF_FORM_BOOLEAN,
    PDF_FORM_INTEGER,
    PDF_FORM_NUMBER,
    PDF_FORM_STRING,
    PDF_FORM_PAGE,        /* a reference to a page of this document */
    PDF_FORM_URI,         /* a string with an address that may be kept */
    PDF_FORM_APPEARANCE,  /* a string of content operators (default appearance) */
    PDF_FORM_DEVICE,      /* a device colour space, for an ICC profile that was refused */
    PDF_FORM_KIND,        /* argument: kind */
    PDF_FORM_ARRAY,       /* argument: shape of every item */
    PDF_FORM_MAP,         /* argument: shape of every value */
    PDF_FORM_NAME_TREE,   /* argument: shape of every value */
    PDF_FORM_NUMBER_TREE, /* argument: shape of every value */
};

struct pdf_alternative {
    enum pdf_form form;
    uint16_t argument; /* index of a kind or a shape */
    const char *names; /* ",A,B," for NAME_OF */
};

/* What a value may be: the first of these alternatives that fits. */
struct pdf_shape {
    uint16_t first;
    uint16_t count;
};

struct pdf_key {
    const char *name;
    uint16_t shape;
    bool required; /* without it the object is dropped */
};

/* One value of the key that decides a kind. */
struct pdf_choice {
    const char *value; /* a name, or digits of an integer; NULL: any other */
    int kind;          /* -1: the object is dropped */
    const char *row;   /* the kind of the receipt row that says so */
};

struct pdf_kind {
    const char *name;
    uint16_t first_key, key_count; /* sorted by bytes */
    uint16_t first_choice, choice_count;
    const char *choice_key; /* NULL: the kind is itself */
    int same_shape;         /* a kind that is only a name for a shape; else -1 */
    enum pdf_stream_treatment stream;
    bool is_array;   /* keys are places of an array */
    bool is_comment; /* of a reviewer */
    bool has_required;
};

/* A key whose dropping is told under a name of its own. */
struct pdf_dropped_key {
    const char *name;
    const char *row;
};

extern const struct pdf_kind pdf_kinds[];
extern const struct pdf_key pdf_keys[];
extern const struct pdf_choice pdf_choices[];
extern const struct pdf_shape pdf_shapes[];
extern const struct pdf_alternative pdf_alternatives[];
extern const struct pdf_dropped_key pdf_dropped_keys[];
extern const size_t pdf_kind_count;
extern const size_t pdf_dropped_key_count;

/* The index of a kind that is known to exist: a wrong name is a defect of the program. */
unsigned pdf_kind_find(const char *name);

/* The row of a key in a kind, or NULL when it is not on the list. */
const struct pdf_key *pdf_kind_key(const struct pdf_kind *kind, struct bytes name);

/* The receipt's word for a key that is dropped: its own, or "pdf_key". */
const char *pdf_dropped_key_row(struct bytes name);

/* True when name is one of the names ",A,B,". */
bool pdf_name_listed(const char *names, struct bytes name);

#endif
