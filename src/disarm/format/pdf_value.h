/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values of PDF (ISO 32000-2, 7.3) in memory, and how we write them: one spelling for each value,
 * so that equal documents become equal bytes.
 */
#ifndef DISARM_FORMAT_PDF_VALUE_H
#define DISARM_FORMAT_PDF_VALUE_H

#include "base/buffer.h"

enum pdf_type {
    PDF_NULL,
    PDF_BOOLEAN,
    PDF_INTEGER,
    PDF_REAL,
    PDF_NAME,
    PDF_STRING,
    PDF_ARRAY,
    PDF_DICTIONARY,
    PDF_REFERENCE,
    PDF_KEYWORD, /* only in content streams, CMaps and calculator functions */
};

/* Where an indirect object stands in the input. */
struct pdf_reference {
    int number, generation;
};

struct pdf_entry;

/* A value; what it points to lives in an arena or in the bytes it was read from. */
struct pdf_value {
    enum pdf_type type;
    uint32_t count; /* items of an array, entries of a dictionary */
    union {
        bool boolean;
        int64_t integer;
        struct bytes text; /* a real's digits; a name without '/', a string: both decoded */
        struct pdf_value *items;
        struct pdf_entry *entries;
        struct pdf_reference reference;
    };
};

struct pdf_entry {
    struct bytes key; /* without '/' */
    struct pdf_value value;
};

/* Memory that is given back all at once. An arena of all zeroes is empty and ready. */
struct pdf_arena {
    struct pdf_block *first; /* newest block */
};

/* size zeroed bytes that live until the arena is cleared. */
void *pdf_arena_take(struct pdf_arena *arena, size_t size);

/* A copy of bytes in the arena. */
struct bytes pdf_arena_copy(struct pdf_arena *arena, struct bytes bytes);

/* Forgets everything, but may keep a block for what comes next. */
void pdf_arena_clear(struct pdf_arena *arena);

/* Gives all memory back. */
void pdf_arena_free(struct pdf_arena *arena);

/* The value of a key of a dictionary, or NULL (also when it is no dictionary). */
const struct pdf_value *pdf_value_get(const struct pdf_value *dictionary, const char *key);

/* True for the name given without its '/'. value may be NULL. */
bool pdf_value_is_name(const struct pdf_value *value, const char *name);

/* The integer of an integer or (cut off) of a real, else fallback. value may be NULL. */
int64_t pdf_value_integer(const struct pdf_value *value, int64_t fallback);

/* The number of an integer or a real, else fallback. value may be NULL. */
double pdf_value_number(const struct pdf_value *value, double fallback);

/* True for an integer or a real. */
bool pdf_value_is_number(const struct pdf_value *value);

/*
 * Append one value as we write it, with a blank before it where the bytes before need one. The text
 * of a real is put in shape: no sign but '-', no needless zeroes, at most 12 digits after the
 * point.
 */
void pdf_write_integer(struct buffer *out, int64_t value);
void pdf_write_real(struct buffer *out, struct bytes digits);
void pdf_write_name(struct buffer *out, struct bytes name);
void pdf_write_string(struct buffer *out, struct bytes string);
void pdf_write_keyword(struct buffer *out, const char *keyword);
void pdf_write_reference(struct buffer *out, uint32_t number);

/* Appends a scalar (null, boolean, number, name, string). */
void pdf_write_scalar(struct buffer *out, const struct pdf_value *value);

#endif
