/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the sealer share. */
#ifndef JOURNAL_SEALER_INTERNAL_H
#define JOURNAL_SEALER_INTERNAL_H

#include "journal/journal.h"
#include "journal/sealer.h"

enum witness_result {
    WITNESS_NOT_ASKED,
    WITNESS_SIGNED,
    WITNESS_NO_ANSWER,
    WITNESS_REFUSED,    /* an HTTP status other than 200 and 409 */
    WITNESS_AHEAD,      /* says that it saw a larger tree: we were rolled back, or it lies */
    WITNESS_BAD_ANSWER, /* an answer without a signature of its own that holds */
};

struct witness_record {
    uint64_t known; /* size that the witness last cosigned, as far as we know */
    enum witness_result result;
    int status;    /* HTTP */
    int64_t asked; /* POSIX milliseconds */
};

struct sealer {
    struct sealer_paths paths;
    struct sealer_source source;
    struct sealer_witnesses witnesses;
    struct note_signer signer;
    struct journal *journal; /* NULL after an error, until it is opened anew */
    struct sealer_batch batch;
    struct buffer text;         /* of the published checkpoint */
    struct buffer signature;    /* the log's line */
    struct buffer cosignatures; /* the witnesses' lines */
    size_t cosigned;            /* how many of them */
    int64_t sealed_at;          /* POSIX milliseconds of the last checkpoint */
    struct witness_record records[SEALER_WITNESSES_MAX];
};

/* Publishes the checkpoint as it stands now: text, the log's signature, the cosignatures. */
int sealer_publish(struct sealer *sealer, struct error *error);

/* Signs and publishes the present tree, unless it is published already. */
int sealer_seal(struct sealer *sealer, int64_t now, struct error *error);

/*
 * Finishes a hand-over whose entry is the last of the journal, or forgets a key that was made for
 * one that never came to be. The published checkpoint must be signed by one of the two keys.
 */
int sealer_finish_rotation(struct sealer *sealer, int64_t now, struct error *error);

/*
 * Asks the witnesses that have not signed the published checkpoint, publishes it again with what
 * they answered, and writes down who did (witnesses.json in the journal's directory). A witness
 * never stops the log: errors are those of the journal's files.
 */
int sealer_ask_witnesses(struct sealer *sealer, int64_t now, struct error *error);

#endif
