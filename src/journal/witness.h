/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A witness (C2SP tlog-witness): remembers for each log the last checkpoint that it cosigned, and
 * cosigns a new one only when that is proved to continue it. The HTTP server around it is
 * elsewhere.
 *
 * Its directory holds one file per log, <SHA-256 of the origin in hexadecimal>.checkpoint: the
 * cosigned checkpoint as a signed note. It is durable before the cosignature leaves the house.
 */
#ifndef JOURNAL_WITNESS_H
#define JOURNAL_WITNESS_H

#include "journal/checkpoint.h"

struct witness;

enum { WITNESS_BODY_MAX = NOTE_BYTES_MAX + 4096 }; /* bytes of a request */

/* What to answer over HTTP. */
struct witness_answer {
    int status;
    const char *content_type; /* static */
    struct buffer body;       /* the caller frees it */
};

/*
 * Opens a witness with its cosignature key and the keys of the logs that it knows (copied; a log
 * may have several). NULL and an error when the directory cannot be used; journal_in_use when
 * another witness has it.
 */
struct witness *witness_open(const char *directory, const struct note_signer *signer,
                             const struct note_verifier *logs, size_t log_count,
                             struct error *error);
void witness_close(struct witness *witness);

/*
 * POST add-checkpoint: judges the body and fills answer. now is POSIX seconds. An internal failure
 * is answered with 500 and told in error as well (-1).
 */
int witness_add_checkpoint(struct witness *witness, struct bytes body, uint64_t now,
                           struct witness_answer *answer, struct error *error);

/* The checkpoint last cosigned for the log whose file name is `<64 hexadecimal digits>`, or 404. */
int witness_get_checkpoint(struct witness *witness, const char *digits,
                           struct witness_answer *answer, struct error *error);

#endif
