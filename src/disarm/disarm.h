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
#include <stddef.h>
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

/* The name of limit number i as in the struct ("input_bytes"), NULL behind the last one. */
const char *disarm_limit_name(size_t i);

/* The place of the limit called name, or NULL. */
uint64_t *disarm_limit_find(struct disarm_limits *limits, const char *name);

struct disarm_options {
    enum disarm_treatment treatment;
    struct disarm_limits limits;
    const char *password;  /* UTF-8, borrowed; NULL: none given */
    unsigned flatten_dpi;  /* resolution of flattened and previewed pages */
    unsigned preview_page; /* of a preview, from 0 */
    bool keep_metadata;    /* title, author, dates; default false */
    bool keep_comments;    /* reviewers' comments; default true */
    bool allow_mismatch;   /* accept a file whose content is more dangerous than its name says */
    bool text_to_utf8;     /* csv and text: convert to UTF-8; default false keeps the encoding */
    bool encrypt_again;    /* rebuild: close again with the password what was opened with it (zip,
                              pdf, Office documents); that output is not the same bytes twice */
};

/* Rebuild with default limits, comments kept, metadata dropped, 150 dpi. */
extern const struct disarm_options disarm_default_options;

/* What is known about one format, for lists and forms. All strings are static. */
struct disarm_format {
    const char *name;       /* "docx" */
    const char *media_type; /* RFC 6838 */
    const char *extensions; /* separated by blanks */
    const char *output;     /* name of the format that a rebuild makes */
    bool offers[DISARM_TREATMENT_COUNT];
};

/* Fills in format number i; false behind the last one. */
bool disarm_format_at(size_t i, struct disarm_format *format);

/*
 * The pool of sandboxed workers. One thread uses a pool at a time; nothing here blocks for long
 * but where it says so.
 */
struct disarm_pool;
struct error;
struct receipt;

struct disarm_pool_options {
    unsigned workers;    /* files worked on at once; 0: one per processor */
    const char *program; /* started anew as the zygote; NULL: the running program */
    bool one_zygote;     /* a zygote that died is not started again, since the caller locks itself
                            in: see disarm_pool_lost */
    bool lean;           /* renderers and their fonts are loaded with the first file that needs
                            them, not at the start; without effect with one_zygote */
};

/*
 * The first thing main does in a program that uses a pool: when the program was started as a
 * zygote, serves as one and returns its exit status; -1 otherwise.
 */
int disarm_zygote_main(int argc, char **argv);

/*
 * Starts the zygote and waits until it is ready. NULL with the error filled when it cannot be, for
 * instance because this system lacks what the sandbox needs. options may be NULL.
 */
struct disarm_pool *disarm_pool_start(const struct disarm_pool_options *options,
                                      struct error *error);

/* Kills what runs, forgets what waits, frees the pool. NULL does nothing. */
void disarm_pool_stop(struct disarm_pool *pool);

/* A descriptor that polls readable when disarm_pool_next has something to do. Stays the pool's. */
int disarm_pool_descriptor(const struct disarm_pool *pool);

/* True when the zygote died and no other one is started: every file comes back refused, which says
 * nothing about the file. */
bool disarm_pool_lost(const struct disarm_pool *pool);

/* How many files are worked on at once, and how many were submitted but not handed out yet. */
unsigned disarm_pool_workers(const struct disarm_pool *pool);
size_t disarm_pool_pending(const struct disarm_pool *pool);

/*
 * Gives a file to the pool: reads input from its position to its end (blocking) into memory of its
 * own, so the caller may close or change it afterwards. name is the claimed file name (UTF-8, may
 * have directories in front; NULL: none). options are copied. context comes back with the result.
 * Never fails: what cannot be read or is too large comes back as a refusal; so does an input of -1,
 * with the words of errno.
 */
void disarm_pool_submit(struct disarm_pool *pool, int input, const char *name,
                        const struct disarm_options *options, void *context);

/*
 * As disarm_pool_submit, for a look at the document instead of a file to keep: the output is page
 * preview_page of a PDF as a PNG picture, or a picture as its rebuild makes it;
 * receipt->output.type says which. The receipt has one row of kind pdf_page that counts the pages.
 * Refusals beside the usual ones: preview_not_offered, preview_no_page.
 */
void disarm_pool_submit_preview(struct disarm_pool *pool, int input, const char *name,
                                const struct disarm_options *options, void *context);

/* As disarm_pool_submit, for a description of printed pages (print.h); the output is their PDF.
 * Code print_invalid for what is no description. */
void disarm_pool_submit_print(struct disarm_pool *pool, int input,
                              const struct disarm_options *options, void *context);

struct disarm_result {
    void *context;
    struct receipt *receipt; /* owned by the result; see receipt.h */
    int output;          /* sealed memory file at position 0, owned by the result; -1: refused */
    uint64_t peak_bytes; /* largest resident memory of a worker on this file */
    uint64_t cpu_us;     /* processor time of its workers */
};

/*
 * Works on events and hands out one finished file, in the order in which they finish. When none is
 * finished: waits for one if `wait` and something is pending, else returns NULL; also when a signal
 * came while it waited. The caller frees the result with disarm_result_free.
 */
struct disarm_result *disarm_pool_next(struct disarm_pool *pool, bool wait);
void disarm_result_free(struct disarm_result *result);

#endif
