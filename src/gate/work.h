/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One claimed transfer on its way through the mover. */
#ifndef GATE_WORK_H
#define GATE_WORK_H

#include "disarm/disarm.h"
#include "gate/clamd.h"
#include "gate/gate.h"
#include "gate/mover.h"

enum work_state {
    WORK_TODO,
    WORK_AT_POOL,
    WORK_BEFORE, /* was ended by an earlier claim */
    WORK_CLEAN,  /* from here on: ended by this claim */
    WORK_HELD,   /* needs a password */
    WORK_REFUSED,
};

struct work_item {
    struct work *work;
    int64_t number;
    char name[GATE_FILE_NAME_SIZE];
    char output_name[GATE_FILE_NAME_SIZE];
    int64_t output_size;
    struct store_blob_id original, output, receipt, preview;
    struct store_blob_writer *output_blob, *receipt_blob, *preview_blob; /* NULL: there is none */
    char receipt_name[24];   /* for the journal: "receipt_1" … */
    char receipt_digest[72]; /* … and "sha256:<hexadecimal>" of its bytes */
    enum work_state state;
    bool was_clean; /* WORK_BEFORE: by an earlier claim */
    bool seen_open; /* what was made of it was there open, before it is closed again */
    char why[GATE_CODE_SIZE];
};

struct work {
    struct gate_transfer transfer;
    struct gate_conduit conduit;
    int64_t lease;
    struct work_item *items;
    size_t item_count;
    size_t at_pool;   /* items that the pool still has */
    const char *wait; /* code: give it back to the queue; NULL: not */
    bool infected;    /* antivirus found something */
    bool scanned;     /* antivirus looked at everything */
    char found[128];  /* what it found */
};

struct password {
    int64_t transfer, item;
    char *text;
    struct password *next;
};

struct gate_mover {
    struct store *store;
    struct disarm_pool *pool;
    struct gate_mover_options options;
    char *scanner; /* NULL: none */
    int lock;
    struct work **works;
    size_t work_count, work_most;
    struct password *passwords;
    bool leases_left;      /* some claim could not be given back */
    int64_t now;           /* of the present step */
    int64_t scanner_after; /* moment before which the scanner is left alone */
    int64_t collect_after; /* moment of the next look for files that nobody needs */
};

/* ---- work.c ---- */

/* Reads a claimed transfer; NULL with the error. The caller frees it. */
struct work *work_load(struct gate_mover *mover, int64_t transfer, int64_t lease,
                       struct error *error);

/* Scans the originals and gives the files to the pool. What goes wrong stands in the work. */
void work_start(struct gate_mover *mover, struct work *work);

/* Takes one result of the pool; its blobs are written afterwards. */
void work_take_result(struct gate_mover *mover, struct disarm_result *result);

/* Frees a work; what it wrote and nobody kept is gone. */
void work_free(struct work *work);

/* ---- work_end.c ---- */

/* True when somebody has to approve it before it is delivered. */
bool work_needs_approval(const struct work *work);

/* Stores what became of a work, in one transaction; a claim that was lost meanwhile is no error. */
int work_end(struct gate_mover *mover, struct work *work, int64_t now, struct error *error);

/* Gives it back to the queue, with the reason that a page shows. */
int work_give_back(struct gate_mover *mover, const struct work *work, const char *why, int64_t now,
                   struct error *error);

/* ---- passwords.c ---- */

/* Takes the passwords that wait in the inlets. */
int passwords_take(struct gate_mover *mover, int64_t now, struct error *error);

/* The password of a file, or NULL. */
const char *passwords_find(const struct gate_mover *mover, int64_t transfer, int64_t item);

/* Forgets those of a transfer (0: all), wiping them. */
void passwords_forget(struct gate_mover *mover, int64_t transfer);

/* ---- expiry.c ---- */

/* Ends transfers whose time is over and lets their files go; *did is how many. */
int expiry_step(struct store *store, int64_t now, size_t *did, struct error *error);

#endif
