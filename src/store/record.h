/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling the journal: whoever changes state records what happened in the same transaction. The
 * entry then waits in the outbox until the sealer takes it (outbox.h); it cannot be lost and comes
 * exactly once.
 *
 * Nothing in an entry can be taken back. Personal data that may have to be erased is kept apart
 * with a random salt; the entry holds only SHA-256(salt, content). Once salt and content are erased
 * nobody can find out what was hashed, and every proof of the journal stays valid.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "store/store.h"

/* A name and a string, for what only this kind of action has to say. */
struct store_fact {
    const char *name;  /* no two alike */
    const char *value; /* UTF-8 */
};

/* The salted digest under which personal data is kept. */
struct store_digest {
    uint8_t bytes[32];
};

struct store_personal {
    const char *field; /* what it is: "applicant.name" */
    struct store_digest digest;
};

/* All strings are UTF-8; NULL means absent, except action, which must be there. */
struct store_entry {
    uint64_t sequence;   /* set by store_record: its number among all entries, from 1 */
    int64_t time;        /* moment; 0: store_record sets the present */
    const char *actor;   /* who */
    const char *action;  /* what: "transfer.approve" */
    const char *object;  /* on which object: "transfer/17" */
    const char *address; /* from where: network address */
    const char *zone;    /* … zone of the listener */
    const char *device;  /* … device */
    const char *reason;  /* why, in the actor's words */
    const char *clause;  /* under which clause of the policy */
    const char *seen;    /* digest of what the actor saw: "sha256:<hexadecimal>" */
    const struct store_personal *personal;
    size_t personal_count;
    const struct store_fact *facts;
    size_t fact_count;
};

/* Records an entry in the open transaction. Codes of the store, journal_bad_entry and
 * journal_entry_too_long. */
int store_record(struct store *store, struct store_entry *entry, struct error *error);

/* Keeps personal data in the open transaction; *digest is what an entry may name. */
int store_personal_add(struct store *store, struct bytes content, struct store_digest *digest,
                       struct error *error);

/* Appends the content. 1 it was there, 0 it was erased, -1 error (store_unknown: never kept). */
int store_personal_read(struct store *store, const struct store_digest *digest, struct buffer *out,
                        struct error *error);

/*
 * Erases content and salt in the open transaction and records the erasure: `entry` says who, why
 * and under which clause; action, object and time are set here. 1 erased, 0 it already was, -1
 * error.
 */
int store_personal_erase(struct store *store, const struct store_digest *digest,
                         struct store_entry *entry, struct error *error);

#endif
