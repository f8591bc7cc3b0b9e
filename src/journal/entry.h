/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one line of the journal says, and its bytes: canonical JSON (RFC 8785) in schema 1.
 *
 * Nothing in an entry can be taken back. Personal data that may have to be erased stays outside;
 * the entry holds its salted digest (personal.h).
 */
#ifndef JOURNAL_ENTRY_H
#define JOURNAL_ENTRY_H

#include "base/buffer.h"
#include "base/error.h"
#include "journal/merkle.h"

#define JOURNAL_ENTRY_SCHEMA "sekisho.entry/1"

/* A name and a string, for what only this kind of action has to say. */
struct journal_fact {
    const char *name;  /* no two alike */
    const char *value; /* UTF-8 */
};

/* A salted digest of personal data that is kept elsewhere. */
struct journal_personal {
    const char *field; /* what it is: "applicant.name" */
    struct merkle_hash digest;
};

/* All strings are UTF-8; NULL or empty means absent, except action, which must be there. */
struct journal_entry {
    uint64_t sequence;   /* the organization's running number, from 1; 0: none (the sealer's own) */
    int64_t time;        /* POSIX time in milliseconds; 0 … year 9999 */
    const char *actor;   /* who */
    const char *action;  /* what: "transfer.approve" */
    const char *object;  /* on which object */
    const char *address; /* from where: network address */
    const char *zone;    /* … zone of the listener */
    const char *device;  /* … device */
    const char *reason;  /* why, in the actor's words */
    const char *clause;  /* under which clause of the policy */
    const char *seen;    /* digest of what the actor saw: "sha256:<hexadecimal>" */
    const struct journal_personal *personal;
    size_t personal_count;
    const struct journal_fact *facts;
    size_t fact_count;
};

/*
 * Appends the canonical JSON of an entry. -1 with journal_bad_entry when action is absent or the
 * time is outside its range, journal_entry_too_long above TILE_ENTRY_MAX bytes.
 */
int journal_entry_append(struct buffer *out, const struct journal_entry *entry,
                         struct error *error);

/* The members that a list of entries shows, as they stand in the entry's bytes (borrowed); empty
 * where absent. */
struct journal_entry_glance {
    struct bytes actor, action, object, reason;
    struct bytes utc; /* the time */
};

/*
 * Looks at an entry without parsing it, in a fifth of the time. True only when the bytes are a
 * canonical entry of schema 1 in which none of those members has an escape. False says nothing: the
 * entry has to be parsed to know.
 */
bool journal_entry_glance(struct bytes bytes, struct journal_entry_glance *glance);

/*
 * Checks the bytes of an entry: JSON, canonical, of a schema that we know, and its members of the
 * right types. Gives the sequence (0 when absent). Codes journal_not_canonical, journal_bad_entry.
 */
int journal_entry_check(struct bytes bytes, uint64_t *sequence, const char *where,
                        struct error *error);

#endif
