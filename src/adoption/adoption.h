/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The adopted policy text as the running system. What the headers of this room share, and the
 * versions of the text.
 *
 *     adoption.h   versions: storing a text, adopting it, reading it, the copy for publication
 *     bindings.h   which control meets which requirement, and what people decided about it
 *     setup.h      what the text sets up: zones, conduits, rules, duties; applying that
 *     state.h      how every clause stands today: counts, evidence, owner, next date
 *     renewal.h    a new version: what became stale; who has acknowledged which version
 *     export.h     OSCAL and Excel
 *
 * A version is the text exactly as adopted; nothing of the compiled form is kept, since compiling
 * takes about 10 ms and is always what today's compiler understands. A process keeps the last few
 * compiled policies (adoption_policy_borrow), so that pages do not compile.
 *
 *     draft ──▶ adopted ──▶ in force (from its effective date) ──▶ replaced (by a later one)
 *       └─▶ discarded
 *
 * The last two steps are taken by the calendar: nobody has to do anything at midnight. One version
 * is in force on a day: of those adopted with an effective date that has come, the one with the
 * latest such date, and of several on one day the one adopted last.
 *
 * Dates are "2026-04-01" on Japan's calendar, in arrays of ADOPTION_DATE_SIZE; "" is none. Moments
 * are those of base/time.h. Every function that changes something makes one transaction of its own
 * and records its journal entry in it: call it outside of any. Objects in the journal: "policy/3".
 *
 * Errors beside those of the store and of policy_compile: adoption_unknown (no such version),
 * adoption_stage (the version is not in the stage for that), adoption_same_text ({where}: the
 * version that has it already), adoption_bad_value ({where}: the field), adoption_reason (missing).
 */
#ifndef ADOPTION_ADOPTION_H
#define ADOPTION_ADOPTION_H

#include "identity/identity.h"
#include "policy/policy.h"
#include "store/blob.h"

#define ADOPTION_DATE_SIZE   11 /* bytes with the final NUL, as all sizes here */
#define ADOPTION_DIGEST_SIZE 72 /* "sha256:" and 64 digits */
#define ADOPTION_NUMBER_SIZE 49
#define ADOPTION_FILE_SIZE   768
#define ADOPTION_TITLE_SIZE  385
#define ADOPTION_REASON_SIZE 1537
#define ADOPTION_ACTOR_SIZE  33
#define ADOPTION_KEY_SIZE    1025 /* of a clause: its id */

/* ---- versions ---- */

enum adoption_stage {
    ADOPTION_DRAFT,     /* stored, not decided */
    ADOPTION_ADOPTED,   /* decided; its effective date has not come */
    ADOPTION_IN_FORCE,  /* 施行中 */
    ADOPTION_REPLACED,  /* a later one is in force */
    ADOPTION_DISCARDED, /* a draft that was given up; stays readable */
    ADOPTION_STAGE_COUNT,
};

/* "draft", "adopted", "in_force", "replaced", "discarded": message keys adoption.stage.<name>. */
const char *adoption_stage_name(enum adoption_stage stage);

struct adoption_version {
    int64_t id;
    enum adoption_stage stage;
    char organization[IDENTITY_NAME_SIZE]; /* as the text names it; "" when it does not */
    char title[ADOPTION_TITLE_SIZE];
    char file_name[ADOPTION_FILE_SIZE];     /* as uploaded */
    char file_digest[ADOPTION_DIGEST_SIZE]; /* of the original file */
    char text_digest[ADOPTION_DIGEST_SIZE]; /* of the text: what staff acknowledge */
    int64_t file_size, text_size;           /* bytes */
    char number[ADOPTION_NUMBER_SIZE];      /* as the committee counts: "第3版"; "" for a draft */
    char decided[ADOPTION_DATE_SIZE];       /* 決定日 */
    char effective[ADOPTION_DATE_SIZE];     /* 施行日; for a draft what the text itself says */
    char decided_by[IDENTITY_NAME_SIZE];    /* "情報セキュリティ委員会" */
    char reason[ADOPTION_REASON_SIZE];      /* of the decision */
    char stored_by[ADOPTION_ACTOR_SIZE];    /* "person/3" */
    char recorded_by[ADOPTION_ACTOR_SIZE];  /* who recorded the decision */
    int64_t stored, recorded;               /* moments; recorded 0: not yet */
    int64_t set_up; /* when its set-up was last applied (setup.h); 0: not yet */
};

struct adoption_upload {
    const char *file_name; /* as the sender's device has it */
    struct bytes file;     /* the original, as it came */
    struct bytes text;     /* what the sandbox made of it: UTF-8 */
};

/*
 * Keeps a text and its original file as a draft; the text must compile. A draft of the same text is
 * found again instead of stored twice; one that was adopted is adoption_same_text, with *version
 * set to it. Journal: policy.store.
 */
int adoption_store(struct store *store, const struct identity_act *act,
                   const struct adoption_upload *upload, int64_t *version, struct error *error);

/* The versions, newest first, below number `before` (0: from the newest). */
int adoption_list(struct store *store, int64_t now, int64_t before, struct adoption_version *list,
                  size_t most, size_t *count, struct error *error);

int adoption_read(struct store *store, int64_t version, int64_t now, struct adoption_version *found,
                  struct error *error);

/* The version in force: 1 found, 0 there is none, -1 error. */
int adoption_in_force(struct store *store, int64_t now, struct adoption_version *found,
                      struct error *error);

/* Appends the text as stored. */
int adoption_text(struct store *store, int64_t version, struct buffer *out, struct error *error);

/* Opens the original file; the caller closes the reader. */
int adoption_file(struct store *store, int64_t version, struct store_blob_reader **reader,
                  struct error *error);

struct adoption_decision {
    int64_t version;
    const char *number;
    const char *decided, *effective; /* effective may lie before or after decided and today */
    const char *decided_by;
    const char *reason; /* must be there */
};

/* Records that the committee adopted a draft. Journal: policy.adopt. */
int adoption_adopt(struct store *store, const struct identity_act *act,
                   const struct adoption_decision *decision, struct error *error);

/* Gives a draft up; act->reason must be there. Journal: policy.discard. */
int adoption_discard(struct store *store, const struct identity_act *act, int64_t version,
                     struct error *error);

/* ---- the compiled form ---- */

/*
 * The compiled policy of a version, shared by all threads of the process and never changed; NULL
 * with an error. The caller gives it back with adoption_policy_return and does not free it.
 */
const struct policy *adoption_policy_borrow(struct store *store, int64_t version,
                                            struct error *error);

/* Gives a borrowed policy back; NULL does nothing. */
void adoption_policy_return(const struct policy *policy);

/* For __attribute__((cleanup)). */
static inline void adoption_policy_end(const struct policy **policy)
{
    adoption_policy_return(*policy);
}
#define AUTO_POLICY __attribute__((cleanup(adoption_policy_end))) const struct policy

/* ---- publication ---- */

/*
 * Which clauses may be published: those of 基本方針 are, those of 対策基準 and 実施手順 are not,
 * unless a person said otherwise (kept by the clause's id, and good for the clauses below it too).
 */
struct adoption_publicity;

/* What holds for the clauses of a policy; the caller frees it. */
int adoption_publicity_read(struct store *store, const struct policy *policy,
                            struct adoption_publicity **publicity, struct error *error);

/* What a person said of a clause, or of one above it. */
struct adoption_publicity_choice {
    char reason[ADOPTION_REASON_SIZE];
    char by[IDENTITY_NAME_SIZE]; /* name, or the actor where it is no person */
    int64_t changed;
};

/* The choice that holds for a clause; NULL where it is as it comes. Lives as long as publicity. */
const struct adoption_publicity_choice *adoption_publicity_choice(
    const struct adoption_publicity *publicity, size_t clause);

/* Whether the clause with this index may be published. */
bool adoption_is_public(const struct adoption_publicity *publicity, size_t clause);
void adoption_publicity_free(struct adoption_publicity *publicity);

/* Publishes or withholds one clause with all below it; act->reason must be there. Journal:
 * policy.publish, policy.withhold. */
int adoption_publicity_save(struct store *store, const struct identity_act *act, int64_t version,
                            const char *clause, bool is_public, struct error *error);

/*
 * Appends the copy for publication: the source text, where a run of withheld clauses is replaced by
 * one line that says so. A table of contents goes when anything is withheld, since it names what
 * stands there.
 */
void adoption_publication(const struct policy *policy, const struct adoption_publicity *publicity,
                          struct buffer *out);

#endif
