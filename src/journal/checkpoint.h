/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checkpoints (C2SP tlog-checkpoint): the text of a signed note that names a tree. */
#ifndef JOURNAL_CHECKPOINT_H
#define JOURNAL_CHECKPOINT_H

#include "journal/merkle.h"
#include "journal/note.h"

struct checkpoint {
    struct bytes origin; /* view into the text that was parsed */
    uint64_t size;       /* entries */
    struct merkle_hash root;
};

/* Appends the three lines. */
void checkpoint_append_text(struct buffer *out, const struct checkpoint *checkpoint);

/* Reads the text of a checkpoint (extension lines are allowed). Code journal_bad_checkpoint. */
int checkpoint_parse_text(struct bytes text, struct checkpoint *checkpoint, const char *where,
                          struct error *error);

/* Reads a checkpoint as a signed note: its form, not its signatures. */
int checkpoint_parse(struct bytes bytes, struct note *note, struct checkpoint *checkpoint,
                     const char *where, struct error *error);

/* A decimal number without sign or leading zero; false when it is none or above 2^63 - 1. */
bool checkpoint_parse_number(struct bytes text, uint64_t *value);

/* A hash in base64; false when it is not 32 bytes. */
bool checkpoint_parse_hash(struct bytes text, struct merkle_hash *hash);

/* Appends a hash in base64. */
void checkpoint_append_hash(struct buffer *out, const struct merkle_hash *hash);

#endif
