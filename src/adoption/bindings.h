/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which control of the catalogue meets which requirement: what the compiler proposes, and what
 * people decided about it.
 *
 * A decision belongs to the requirement's sentence, not to its place: it is kept by the clause's id
 * and the digest of the sentence without blanks and widths. In another version of the text it holds
 * again where the same sentence stands (in the same clause or, when moved, in another), and where a
 * sentence is nearly the same; then it is marked `check_again` (要確認) until a person decides
 * anew. The last decision about a control of a requirement counts; older ones stay in the store.
 *
 * Errors beside those of adoption.h: adoption_requirement_unknown, adoption_control_unknown.
 */
#ifndef ADOPTION_BINDINGS_H
#define ADOPTION_BINDINGS_H

#include "adoption/adoption.h"
#include "policy/catalogue.h"

enum { ADOPTION_BINDINGS = 8 }; /* of one requirement, at most */

struct adoption_binding {
    const struct control *control; /* static */
    double confidence;             /* 0 to 1; 1 for what a person added */
    bool added;                    /* by a person; else the compiler proposes it */
    bool removed;                  /* a person said that it does not fit: shown, does not count */
};

struct adoption_bindings {
    struct adoption_binding items[ADOPTION_BINDINGS]; /* the compiler's first, then added ones */
    size_t count;
    bool confirmed;      /* a person agreed or changed something */
    bool not_applicable; /* a person said that the requirement does not concern the organization */
    bool check_again;    /* decided for a sentence that is nearly, not wholly, this one */
    char reason[ADOPTION_REASON_SIZE]; /* of the last decision */
    char actor[ADOPTION_ACTOR_SIZE];   /* who made it; "" when nobody did */
    int64_t decided;                   /* moment; 0: never */
};

/*
 * The bindings of all requirements of a policy, one for each, in the policy's order; the caller
 * frees *bindings with free(). policy: a compiled text, of whatever version.
 */
int adoption_bindings_read(struct store *store, const struct policy *policy,
                           struct adoption_bindings **bindings, struct error *error);

/* The first control that counts, or NULL. */
const struct control *adoption_binding_first(const struct adoption_bindings *bindings);

enum adoption_choice {
    ADOPTION_CONFIRM,        /* as it stands now: what counts is right */
    ADOPTION_ADD,            /* this control too */
    ADOPTION_REMOVE,         /* not this control */
    ADOPTION_NOT_APPLICABLE, /* needs a reason */
    ADOPTION_APPLICABLE,     /* takes ADOPTION_NOT_APPLICABLE back */
    ADOPTION_CHOICE_COUNT,
};

/* "confirm", "add", "remove", "not_applicable", "applicable". */
const char *adoption_choice_name(enum adoption_choice choice);

/*
 * Decides about a requirement, by its id ("standard/7/(2)/①#1"), in a version. control: its id in
 * the catalogue for ADD and REMOVE, else NULL. act->reason may be NULL but for NOT_APPLICABLE.
 * Journal: binding.<choice> on "policy/3" under the clause.
 */
int adoption_choose(struct store *store, const struct identity_act *act, int64_t version,
                    const char *requirement, enum adoption_choice choice, const char *control,
                    struct error *error);

#endif
