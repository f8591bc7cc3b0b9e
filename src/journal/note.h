/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signed notes (C2SP signed-note) with Ed25519, and cosignatures of witnesses on them (C2SP
 * tlog-cosignature, Ed25519). Reading is strict: what the specification does not allow is refused.
 */
#ifndef JOURNAL_NOTE_H
#define JOURNAL_NOTE_H

#include "base/buffer.h"
#include "base/error.h"

enum {
    NOTE_NAME_MAX = 255,       /* bytes of a key name */
    NOTE_SIGNATURES_MAX = 64,  /* signature lines of one note */
    NOTE_SIGNATURE_MAX = 8192, /* bytes of one signature, key id included */
    NOTE_BYTES_MAX = 1 << 20,  /* bytes of one note */
};

enum note_algorithm {
    NOTE_ED25519 = 0x01,     /* a log's signature on the note text */
    NOTE_COSIGNATURE = 0x04, /* a witness's timestamped cosignature */
};

/* A public key with its name. */
struct note_verifier {
    char name[NOTE_NAME_MAX + 1];
    uint32_t id;
    enum note_algorithm algorithm;
    uint8_t key[32];
};

/* A private key with its name; wipe with note_signer_wipe. */
struct note_signer {
    struct note_verifier verifier;
    uint8_t secret[64]; /* as libsodium keeps it: seed and public key */
};

/* One signature line, cut into its parts; views into the note. */
struct note_signature {
    struct bytes line; /* with its final newline */
    struct bytes name;
    uint32_t id;
    uint8_t value[NOTE_SIGNATURE_MAX]; /* behind the key id */
    size_t length;
};

/* A parsed note; views into the bytes that note_parse was given. */
struct note {
    struct bytes text;       /* what is signed, with its final newline */
    struct bytes signatures; /* the signature lines */
    size_t signature_count;
};

/*
 * Reads a verifier key ("vkey"): name+hexadecimal id+base64(algorithm ‖ key). -1 with code
 * journal_bad_key when it is not one, its id is wrong, or its algorithm is neither of ours.
 */
int note_verifier_parse(struct bytes text, struct note_verifier *verifier, struct error *error);

/* Appends the vkey, without a newline. */
void note_verifier_append(struct buffer *out, const struct note_verifier *verifier);

/* Makes a fresh key pair. -1 with journal_bad_key when the name is not a key name. */
int note_signer_generate(const char *name, enum note_algorithm algorithm,
                         struct note_signer *signer, struct error *error);

/* Makes the key pair of a 32-byte seed (RFC 8032's private key). */
int note_signer_from_seed(const char *name, enum note_algorithm algorithm, const uint8_t seed[32],
                          struct note_signer *signer, struct error *error);

/* "PRIVATE+KEY+name+id+base64(algorithm ‖ seed)", as Go's note package writes it. */
void note_signer_append(struct buffer *out, const struct note_signer *signer);
int note_signer_parse(struct bytes text, struct note_signer *signer, struct error *error);

/* Overwrites the secret. */
void note_signer_wipe(struct note_signer *signer);

/* True when name is a key name: not empty, UTF-8, no space, no control character, no plus. */
bool note_name_valid(struct bytes name);

/* Cuts a note into text and signature lines, checking all of its form. Code journal_bad_note. */
int note_parse(struct bytes bytes, struct note *note, const char *where, struct error *error);

/* Checks signature lines alone (what a witness answers); at least one. Code journal_bad_note. */
int note_parse_signatures(struct bytes lines, size_t *count, const char *where,
                          struct error *error);

/*
 * Takes the next signature line from *lines (which shrinks); false when there is none. The lines
 * must have passed note_parse or note_parse_signatures.
 */
bool note_next_signature(struct bytes *lines, struct note_signature *signature);

enum note_verdict {
    NOTE_UNSIGNED, /* no signature by this key */
    NOTE_SIGNED,   /* a signature by this key, and it holds */
    NOTE_FORGED,   /* a signature with this key's name and id that does not hold */
};

/*
 * Looks for a signature by verifier among the lines. For a cosignature the time (POSIX seconds) is
 * put into *time, which may be NULL. One that does not hold outweighs any that does.
 */
enum note_verdict note_verify(struct bytes text, struct bytes signatures,
                              const struct note_verifier *verifier, uint64_t *time);

/*
 * Appends the signature line of signer on text (which ends in a newline). time is the POSIX time of
 * a cosignature, and ignored for NOTE_ED25519.
 */
void note_append_signature(struct buffer *out, struct bytes text, const struct note_signer *signer,
                           uint64_t time);

#endif
