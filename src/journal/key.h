/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Key files, and the hand-over from one key of the log to the next.
 *
 * A hand-over is an entry of the log whose fact `note` is a signed note, signed by the old key and
 * by the new one. Checkpoints that hold the entry are signed by the new key. Whoever trusts the
 * first key of a log so comes to trust every later one, by the log itself.
 */
#ifndef JOURNAL_KEY_H
#define JOURNAL_KEY_H

#include "journal/note.h"

#define JOURNAL_KEY_HANDOVER "journal.key.handover" /* the action of the entry */

/*
 * Makes a key pair: the private key at path (mode 0600), the public one as a line of its own at
 * public_path (mode 0644). Neither may be there already (file_exists); on failure neither is.
 */
int journal_key_generate(const char *path, const char *public_path, const char *name,
                         enum note_algorithm algorithm, struct error *error);

/* Reads a private key. journal_key_exposed when others than its owner may read the file. */
int journal_key_load(const char *path, struct note_signer *signer, struct error *error);

/* Reads a public key: the one line of a file, or text itself when it is a vkey. */
int journal_key_load_public(const char *path_or_key, struct note_verifier *verifier,
                            struct error *error);

/* Appends the entry that hands the log over from one key to another; time is POSIX milliseconds. */
int journal_key_append_handover(struct buffer *entry, const struct note_signer *from,
                                const struct note_signer *to, int64_t time, struct error *error);

/*
 * Looks whether an entry hands over. 1: it does, and both keys signed it; 0: it is another entry;
 * -1: it claims to and does not hold (journal_bad_handover). Whether `from` is to be trusted is for
 * the caller to know.
 */
int journal_key_read_handover(struct bytes entry, struct note_verifier *from,
                              struct note_verifier *to, const char *where, struct error *error);

/* True when both are the same key under the same name. */
bool journal_key_equal(const struct note_verifier *a, const struct note_verifier *b);

#endif
