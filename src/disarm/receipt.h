/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The receipt (無害化票): one row per object of the input, saying what became of it and why.
 *
 * kind and reason are keys of the message catalogue (`kind.<kind>`, `reason.<reason>`): lower case,
 * digits and underscores. Rows that agree in path, kind, action and reason are added up in one.
 */
#ifndef DISARM_RECEIPT_H
#define DISARM_RECEIPT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/message.h"
#include "disarm/disarm.h"

enum receipt_action {
    RECEIPT_KEPT,      /* stands in the output with the same meaning and the same bytes or values */
    RECEIPT_REWRITTEN, /* stands in the output in a changed or newly made form */
    RECEIPT_DROPPED,   /* not in the output */
    RECEIPT_ACTION_COUNT,
};

/* "kept", "rewritten", "dropped". */
const char *receipt_action_name(enum receipt_action action);

struct receipt_row {
    char *path; /* UTF-8: place inside the file, "" for the file itself */
    char *kind;
    char *reason; /* "" when there is nothing to say */
    enum receipt_action action;
    uint64_t count; /* how many such objects, at least 1 */
    uint64_t bytes_in;
    uint64_t bytes_out;
};

struct receipt_file {
    char *name;    /* UTF-8, as given; NULL when there is no such file */
    char *type;    /* format name such as "docx"; NULL: not recognised */
    uint64_t size; /* bytes */
    uint8_t sha256[32];
};

enum receipt_verdict {
    RECEIPT_REBUILT,
    RECEIPT_FLATTENED,
    RECEIPT_TEXT,
    RECEIPT_REFUSED,
    RECEIPT_VERDICT_COUNT,
};

/* "rebuilt", "flattened", "text", "refused". */
const char *receipt_verdict_name(enum receipt_verdict verdict);

struct receipt {
    struct receipt_file input;
    struct receipt_file output; /* name NULL when refused */
    enum disarm_treatment treatment;
    enum receipt_verdict verdict;
    struct error reason; /* why refused; code NULL otherwise */
    struct receipt_row *rows;
    size_t row_count;
    size_t row_capacity;
    size_t row_limit; /* 0: no limit */
    uint64_t elapsed_us;
};

/*
 * Adds one row, or adds to the equal row before it. Strings are copied; path is cleaned to UTF-8
 * without control characters. Above row_limit rows are added up per kind, action and reason with an
 * empty path.
 */
void receipt_add(struct receipt *receipt, const char *path, const char *kind,
                 enum receipt_action action, const char *reason, uint64_t bytes_in,
                 uint64_t bytes_out);

/* As receipt_add for a row that already counts several objects; its strings are copied. */
void receipt_add_row(struct receipt *receipt, const struct receipt_row *row);

/* Takes back the rows from number `count` on: what they describe did not make it into the output.
 */
void receipt_take_back(struct receipt *receipt, size_t count);

/* Writes the receipt as one JSON object on one line, without a line end. */
void receipt_write_json(const struct receipt *receipt, struct buffer *out);

/* Frees what the receipt owns and leaves it empty; the struct itself stays with the caller. */
void receipt_clear(struct receipt *receipt);

#endif
