/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new version beside the one in force: what changed, what became stale by it, and who has
 * acknowledged which version.
 */
#ifndef ADOPTION_RENEWAL_H
#define ADOPTION_RENEWAL_H

#include "adoption/bindings.h"
#include "policy/compare.h"

enum adoption_stale_kind {
    ADOPTION_STALE_BINDING,     /* a person's decision about a sentence that changed or went */
    ADOPTION_STALE_ATTESTATION, /* said of a sentence that changed or went */
    ADOPTION_STALE_EXCEPTION,   /* runs for a sentence that changed or went */
    ADOPTION_STALE_REQUEST,     /* an open request whose form a changed or gone sentence asks for */
    ADOPTION_STALE_ACKNOWLEDGEMENT, /* of the old version: every one; count says how many */
    ADOPTION_STALE_KIND_COUNT,
};

/* "binding", "attestation", "exception", "request", "acknowledgement". */
const char *adoption_stale_kind_name(enum adoption_stale_kind kind);

struct adoption_stale {
    enum adoption_stale_kind kind;
    char object[65];                /* what: "case/9", the control's id, "" */
    char clause[ADOPTION_KEY_SIZE]; /* in the old text; "" for the whole */
    char now_at[ADOPTION_KEY_SIZE]; /* the clause of the new text most like it; "" it is gone */
    double likeness;                /* 0 to 1 */
    size_t count;                   /* how many such */
};

struct adoption_renewal {
    struct adoption_stale *items;
    size_t count;
    size_t clauses_same, clauses_changed, clauses_gone, clauses_new;
    size_t requirements_same, requirements_changed, requirements_gone, requirements_new;
};

/* What the version `next` makes of the state that belongs to the version `present`. The caller
 * frees it. */
int adoption_renewal_read(struct store *store, int64_t present, int64_t next, int64_t now,
                          struct adoption_renewal *renewal, struct error *error);
void adoption_renewal_free(struct adoption_renewal *renewal);

/* ---- acknowledgement ---- */

/* A person has read exactly this version (its text_digest, which the page names). Twice is no
 * error. Codes adoption_stage (not in force), adoption_bad_value (another digest). Journal:
 * policy.acknowledge with the digest as what was seen. */
int adoption_acknowledge(struct store *store, const struct identity_act *act, int64_t version,
                         int64_t person, const char *text_digest, struct error *error);

/* Whether a person has; *moment is when, 0 not yet. */
int adoption_acknowledged(struct store *store, int64_t version, int64_t person, int64_t *moment,
                          struct error *error);

struct adoption_reader {
    int64_t person;
    char name[IDENTITY_NAME_SIZE];
    char department[IDENTITY_NAME_SIZE];
    int64_t acknowledged; /* moment; 0: not yet */
};

/* People with an open account, those who have not yet first, behind number `after` (of the person;
 * 0 at first) within `pending` true (not yet) or false (have). */
int adoption_readers(struct store *store, int64_t version, bool pending, int64_t now, int64_t after,
                     struct adoption_reader *list, size_t most, size_t *count, struct error *error);

/* How many have and how many have not. */
int adoption_readers_count(struct store *store, int64_t version, int64_t now, int64_t *have,
                           int64_t *have_not, struct error *error);

#endif
