/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Content disarm and reconstruction (無害化): hostile bytes in, a rebuilt file and a receipt out.
 *
 * Nothing in this room parses outside a sandboxed worker. A caller starts a pool, gives it files as
 * descriptors and gets back a descriptor of the rebuilt file, or a refusal. The original is never
 * handed on.
 */
#ifndef DISARM_DISARM_H
#define DISARM_DISARM_H

#include <stdbool.h>
#include <stdint.h>

/* The three treatments of the policies: 危険因子の除去, 画像化, テキスト化. */
enum disarm_treatment {
    DISARM_REBUILD,
    DISARM_FLATTEN,
    DISARM_TEXT,
    DISARM_TREATMENT_COUNT,
};

/* "rebuild", "flatten", "text". */
const char *disarm_treatment_name(enum disarm_treatment treatment);

/*
 * What one file may use, nested objects included. Every limit counts what was really read or made,
 * never what a header declares.
 */
struct disarm_limits {
    uint64_t input_bytes;    /* size of the file given */
    uint64_t output_bytes;   /* size of the file made */
    uint64_t unpacked_bytes; /* inflated bytes of all members and streams together */
    uint64_t ratio;          /* unpacked : packed, looked at above ratio_floor unpacked bytes */
    uint64_t ratio_floor;    /* bytes */
    uint64_t members;        /* files in archives, parts in packages, objects in a PDF */
    uint64_t depth;          /* archives in archives, attachments in mails */
    uint64_t pixels;         /* of all decoded pictures together, frames included */
    uint64_t pages;          /* pages made or rendered, frames of a picture */
    uint64_t time_ms;        /* wall clock for one worker */
    uint64_t memory_bytes;   /* address space of one worker above what the zygote has */
    uint64_t receipt_rows;   /* rows kept one by one; further ones are added up */
};

/* The limits used when nobody sets others. */
extern const struct disarm_limits disarm_default_limits;

struct disarm_options {
    enum disarm_treatment treatment;
    struct disarm_limits limits;
    const char *password; /* UTF-8, borrowed; NULL: none given */
    unsigned flatten_dpi; /* resolution of flattened pages */
    bool keep_metadata;   /* title, author, dates; default false */
    bool keep_comments;   /* reviewers' comments; default true */
    bool allow_mismatch;  /* accept a file whose content is more dangerous than its name says */
    bool text_to_utf8;    /* csv and text: convert to UTF-8; default false keeps the encoding */
    bool encrypt_again;   /* close again with the password what was opened with it, where the format
                             can */
};

/* Rebuild with default limits, comments kept, metadata dropped, 150 dpi. */
extern const struct disarm_options disarm_default_options;

#endif
