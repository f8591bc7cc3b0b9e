/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offline proofs that an entry is in the log (C2SP tlog-proof). */
#ifndef JOURNAL_PROOF_H
#define JOURNAL_PROOF_H

#include "journal/checkpoint.h"

struct journal_proof {
    struct bytes extra; /* base64 as it stands in the file; empty when absent. Nobody signed it. */
    uint64_t index;     /* of the entry, from 0 */
    struct merkle_proof path;
    struct bytes note; /* the checkpoint, verbatim */
};

/* Appends the proof file; extra is plain bytes, empty for none. */
void journal_proof_append(struct buffer *out, struct bytes extra, uint64_t index,
                          const struct merkle_proof *path, struct bytes note);

/* Reads a proof file (views into bytes). Code journal_bad_proof, or those of the checkpoint. */
int journal_proof_parse(struct bytes bytes, struct journal_proof *proof, const char *where,
                        struct error *error);

/*
 * Whether the entry is in the log of that key at the proof's index, under a checkpoint which the
 * key signed. 0, or -1 with journal_bad_signature or journal_proof_fails.
 */
int journal_proof_verify(const struct journal_proof *proof, struct bytes entry,
                         const struct note_verifier *log, struct error *error);

/* Appends the plain bytes of the extra data. */
int journal_proof_read_extra(const struct journal_proof *proof, struct buffer *out,
                             const char *where, struct error *error);

/* Reads lines of one hash each up to an empty line, which is taken; for proofs and witnesses. */
int journal_proof_parse_path(struct bytes bytes, size_t *position, struct merkle_proof *path,
                             const char *where, struct error *error);

#endif
