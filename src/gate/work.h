/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One claimed transfer on its way through the mover. */
#ifndef GATE_WORK_H
#define GATE_WORK_H

#include "disarm/disarm.h"
#include "gate/clamd.h"
#include "gate/gate.h"
#include "gate/mover.h"

enum work_state {
    WORK_NOT_BEGUN,
    WORK_AT_SCANNER, /* its original */
    WORK_AT_POOL,
    WORK_AT_SECOND_SCAN, /* what was made of it */
    WORK_BEFORE,         /* was ended by an earlier claim */
    WORK_CLEAN,          /* from here on: ended by this claim */
    WORK_HELD,           /* needs a password */
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
    int original_file;            /* memory file, -1: none */
    struct disarm_result *result; /* WORK_AT_SECOND_SCAN: what the scanner looks at */
    struct clamd *scan;           /* NULL: waits for its turn */
    uint64_t answers_before;      /* when the scan began */
};

struct work {
    struct gate_transfer transfer;
    struct gate_conduit conduit;
    int64_t lease;
    struct work_item *items;
    size_t item_count;
    size_t in_hand;   /* items that the scanner or the pool has */
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
    struct work **works; /* in the order in which they were claimed */
    size_t work_count;
    size_t plain_most, scanned_most; /* works at one time: without antivirus, with */
    struct work_item **scans;        /* in their order; the first ones are under way */
    size_t scan_count;
    uint64_t answers; /* of the scanner so far */
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

/* True when antivirus has to do with it. */
bool work_is_scanned(const struct gate_mover *mover, const struct work *work);

/* Refuses all its files for a reason. */
void work_refuse_all(struct work *work, const char *why);

/* Starts files of all works as far as there is room for them, of each work in turn: towards the
 * scanner, or the pool. 1: it started something. */
int work_start_files(struct gate_mover *mover);

/* True when what is still under way cannot change how it ends. */
static inline bool work_is_settled(const struct work *work)
{
    return work->wait || work->infected;
}

/* True when nothing of it is under way any more, and nothing is to be. */
bool work_is_done(const struct work *work);

/* Frees a work; what it wrote and nobody kept is gone. */
void work_free(struct work *work);

/* What follows is for work_result.c and scans.c. */

void work_set_state(struct work_item *item, enum work_state state);
void work_refuse_item(struct work_item *item, const char *why);

/* The scanner cannot be had: where it is demanded the work waits, elsewhere it goes on and says so.
 */
void work_scanner_away(struct work *work);

/* Puts a file into the queue of the scanner where it has to be looked at, as in `state`. False: it
 * is not there, since nothing demands it, or the work waits. */
bool work_send_to_scanner(struct gate_mover *mover, struct work_item *item, enum work_state state);

/* Lets go what is in memory of a file that is on its way: it is to be done again. */
void work_put_back(struct work_item *item);

/* True when it is made open first, for antivirus and for who approves it: neither sees anything in
 * a closed file. */
bool work_opens_first(const struct gate_mover *mover, const struct work_item *item);

/* Gives the original to the pool. What goes wrong stands in the work. */
void work_submit(struct gate_mover *mover, struct work_item *item);

/* What the scanner is to look at, borrowed; -1 when it cannot be read: the work waits. */
int work_file_to_scan(struct gate_mover *mover, struct work_item *item);

/* ---- work_result.c ---- */

/* Takes one result of the pool. What goes wrong stands in the work. */
void work_take_result(struct gate_mover *mover, struct disarm_result *result);

/* Takes what the scanner said of a file. What goes wrong stands in the work. */
void work_take_answer(struct gate_mover *mover, struct work_item *item, enum clamd_answer answer);

/* ---- scans.c ---- */

/* Files that the scanner looks at at one time; the others wait for their turn. */
#define SCANS_MOST 4

/* Puts a file into the queue of the scanner; there must be room. */
void scans_add(struct gate_mover *mover, struct work_item *item);

/* Goes on with what is under way. A file with its answer, which is out of the queue then (its
 * exchange still there), or NULL: none has one now. */
struct work_item *scans_next(struct gate_mover *mover, enum clamd_answer *answer);

/* Takes all files of a work out of the queue. */
void scans_drop(struct gate_mover *mover, const struct work *work);

/* Fills what to poll for, SCANS_MOST at most; *milliseconds (-1: without end) gets no more than the
 * scanner may take. */
size_t scans_watch(const struct gate_mover *mover, struct pollfd *watched, int *milliseconds);

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
