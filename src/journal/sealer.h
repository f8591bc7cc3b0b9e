/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sealer: alone holds the log's key, takes entries from a source in order, and publishes
 * checkpoints. It is a library with one step; the process around it calls the step whenever there
 * may be something to do, and at least twice a second.
 *
 * It never signs two histories: before it signs a tree it writes size and root into its state file,
 * durably; it refuses to go on when the journal's files do not begin with what it last signed.
 */
#ifndef JOURNAL_SEALER_H
#define JOURNAL_SEALER_H

#include "journal/checkpoint.h"

struct sealer;

enum {
    SEALER_BATCH_MAX = 1024,   /* entries of one batch */
    SEALER_STEP_MAX = 1 << 16, /* entries after which a step goes on to sealing */
    SEALER_WITNESSES_MAX = 16, /* as many signatures as everybody must accept */
    SEALER_INTERVAL_MS = 500,  /* between two checkpoints under load */
    SEALER_RETRY_MS = 10000,   /* before a witness that did not answer is asked again */
};

/* Where everything is; borrowed for as long as the sealer lives. */
struct sealer_paths {
    const char *journal;    /* directory */
    const char *key;        /* private key file */
    const char *public_key; /* its public half */
    const char *state;      /* what was last signed; belongs beside the key, not to the journal */
};

/* Up to SEALER_BATCH_MAX entries, JOURNAL_BATCH_MAX bytes; the views belong to the source. */
struct sealer_batch {
    struct bytes entries[SEALER_BATCH_MAX];
    size_t count;
    uint64_t position; /* behind the last entry */
};

struct sealer_source {
    /* Gives the entries behind a position, in order; none is no error. The views stay until the
     * next call. */
    int (*read)(void *context, uint64_t position, struct sealer_batch *batch, struct error *error);
    /* Everything up to this position is in a published checkpoint of that size. */
    int (*sealed)(void *context, uint64_t position, uint64_t size, struct error *error);
    void *context;
};

/* One request to a witness (C2SP tlog-witness add-checkpoint). */
struct sealer_question {
    size_t witness; /* index */
    struct bytes body;
    int status;           /* HTTP status of the answer; 0: none came */
    struct buffer answer; /* its body; freed by the sealer */
};

struct sealer_witnesses {
    const struct note_verifier *keys; /* cosignature keys */
    size_t count;
    size_t quorum; /* so many must cosign before a checkpoint counts as sealed */
    /* Asks all at once and fills in the answers; bounds its own time. */
    void (*ask)(void *context, struct sealer_question *questions, size_t count);
    void *context;
};

/*
 * Makes key, state and an empty journal with its first checkpoint. origin is the name of log and
 * key. What is there already is not touched (file_exists, journal_exists).
 */
int sealer_create(const struct sealer_paths *paths, const char *origin, int64_t now,
                  struct error *error);

/*
 * Opens key, state and journal. witnesses may be NULL. Codes: those of journal_open and
 * journal_key_load, journal_rolled_back (the files are older than what was signed),
 * journal_two_histories (they differ from it), journal_bad_signature (the published checkpoint is
 * not ours).
 */
struct sealer *sealer_open(const struct sealer_paths *paths, const struct sealer_source *source,
                           const struct sealer_witnesses *witnesses, struct error *error);
void sealer_close(struct sealer *sealer);

/*
 * Takes what the source has, seals when it is time, asks the witnesses. now is POSIX milliseconds.
 * After an error the next step opens the journal anew; until that works the step fails.
 */
int sealer_step(struct sealer *sealer, int64_t now, struct error *error);

/* Takes all that the source has and seals it at once, as when the process ends. */
int sealer_flush(struct sealer *sealer, int64_t now, struct error *error);

/* True when the published checkpoint holds every entry taken and enough witnesses signed it. */
bool sealer_is_sealed(const struct sealer *sealer);

/* How many witnesses signed the published checkpoint. */
size_t sealer_cosigned(const struct sealer *sealer);

/*
 * Hands the log over to a fresh key: the entry, then a checkpoint signed by the new key, which
 * takes the place of the old one in the files. After a crash in between, sealer_open finishes it or
 * it never happened.
 */
int sealer_rotate_key(struct sealer *sealer, int64_t now, struct error *error);

#endif
