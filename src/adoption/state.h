/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How every requirement stands today, and what people say about those that only people can keep.
 *
 * What the program itself enforces is proved by the journal: entries are counted by action as they
 * are recorded, and data/evidence.tsv says which actions prove which control. A control that this
 * program has no engine, check or form for counts as attested: a person has to say so.
 *
 * A duty is made for each requirement when its version is applied (setup.h): whose it is and when
 * it is due next. 「毎年度」 is due at the end of the fiscal year (31 March; the last business day
 * before when offices are closed then), 「定期的に」 every duty/periodic_months, counted in the
 * fiscal year; what holds always is attested once a fiscal year; what follows an event has no date.
 *
 * Errors beside those of adoption.h: adoption_requirement_unknown, adoption_not_attested (the
 * program proves this one itself).
 */
#ifndef ADOPTION_STATE_H
#define ADOPTION_STATE_H

#include "adoption/bindings.h"

enum adoption_state {
    ADOPTION_ENFORCED,     /* the program refuses what is forbidden */
    ADOPTION_CHECKED,      /* a check looks at it */
    ADOPTION_RECORDED,     /* a form or register is the evidence */
    ADOPTION_ATTESTED,     /* people keep it and say so */
    ADOPTION_OVERDUE,      /* its date has passed, or it was said not to be done */
    ADOPTION_EXCEPTION,    /* an approved exception runs */
    ADOPTION_INAPPLICABLE, /* a person said so, with a reason */
    ADOPTION_UNOWNED,      /* people have to keep it and nobody holds its role */
    ADOPTION_STATE_COUNT,
};

/* "enforced", …, "unowned": message keys adoption.state.<name>. */
const char *adoption_state_name(enum adoption_state state);

struct adoption_standing {
    enum adoption_state state;
    const struct control *control; /* the one that counts first; NULL: none was found */
    char role[IDENTITY_ROLE_SIZE]; /* whose it is: key of people.h */
    int64_t owner;                 /* a person holding that role; 0: nobody does */
    char owner_name[IDENTITY_NAME_SIZE];
    size_t owners;                     /* how many hold it */
    int64_t accepted, refused;         /* entries of this fiscal year that prove it */
    int64_t last;                      /* moment of the last one ever; 0: none */
    char due[ADOPTION_DATE_SIZE];      /* next date; "" has none */
    char attested[ADOPTION_DATE_SIZE]; /* of the last attestation; "" none */
    bool done;                         /* … and it said 実施した */
    char until[ADOPTION_DATE_SIZE];    /* of a running exception; "" none */
    bool confirmed, check_again;       /* of its bindings */
};

struct adoption_standings {
    struct adoption_standing *items; /* one for each requirement of the policy, in its order */
    size_t count;
    size_t by_state[ADOPTION_STATE_COUNT];
};

/* How the requirements of a policy stand at a moment; at most some 50 ms whatever the journal's
 * length. The caller frees it. */
int adoption_standings_read(struct store *store, const struct policy *policy, int64_t now,
                            struct adoption_standings *standings, struct error *error);
void adoption_standings_free(struct adoption_standings *standings);

/* How many requirements are in the state ADOPTION_UNOWNED at a moment: the number that
 * adoption_standings_read gives, without reading what does not bear on it. */
int adoption_count_unowned(struct store *store, const struct policy *policy, int64_t now,
                           size_t *count, struct error *error);

/* Entries that prove a control, day by day: for a small chart and for reports. */
struct adoption_evidence_day {
    char date[ADOPTION_DATE_SIZE];
    int64_t accepted, refused;
};

/* The days with evidence from a date on, oldest first. */
int adoption_evidence_days(struct store *store, const struct control *control, const char *from,
                           struct adoption_evidence_day *list, size_t most, size_t *count,
                           struct error *error);

/* True when this program has the engine, check or form that meets a control; false where people
 * attest it, by its nature or because the program cannot look at it yet. */
bool adoption_control_is_built(const struct control *control);

/* Years for which the policy wants records kept: the setting, 0 where no policy was set up. The
 * journal only ever grows, so that nothing in it goes earlier. */
int adoption_years_kept(struct store *store, int64_t *years, struct error *error);

enum { ADOPTION_ACTIONS = 8 }; /* of one control, at most */

/* The actions of the journal's entries that prove a control ("transfer.disarm"): how many; 0 when
 * people have to attest it, or when every entry proves it. */
size_t adoption_evidence_actions(const struct control *control,
                                 const char *actions[ADOPTION_ACTIONS]);

/* ---- attesting ---- */

struct adoption_attestation {
    int64_t version;
    const char *requirement; /* id: "standard/7/(2)/①#1" */
    bool done;               /* 実施した / していない */
    const char *date;        /* on which it was done or looked at; not after today */
    const char *note;        /* must be there when it was not done */
    int64_t person;          /* who says so */
};

/* Records it; what was done moves the duty's date on, what was not is due from that date on.
 * Journal: duty.attest. */
int adoption_attest(struct store *store, const struct identity_act *act,
                    const struct adoption_attestation *attestation, struct error *error);

struct adoption_attested {
    int64_t id;
    char requirement[ADOPTION_KEY_SIZE]; /* as it was called then */
    bool done;
    char date[ADOPTION_DATE_SIZE];
    char note[ADOPTION_REASON_SIZE];
    int64_t person;
    char name[IDENTITY_NAME_SIZE];
    int64_t recorded; /* moment */
};

/* What was attested about a requirement, newest first. */
int adoption_attestations(struct store *store, int64_t version, const char *requirement,
                          struct adoption_attested *list, size_t most, size_t *count,
                          struct error *error);

/* The duties that the holder of one of these roles owes, by date; `until` is the last date asked
 * for. */
struct adoption_duty {
    char requirement[ADOPTION_KEY_SIZE];
    char clause[ADOPTION_KEY_SIZE];
    char role[IDENTITY_ROLE_SIZE];
    char due[ADOPTION_DATE_SIZE];
};
int adoption_duties(struct store *store, int64_t version, const char *role, const char *until,
                    struct adoption_duty *list, size_t most, size_t *count, struct error *error);

/* ---- exceptions ---- */

/*
 * An approved exception (例外措置) from a requirement, which ends by itself after `until`. reason:
 * why, and what is done instead; must be there. Journal: exception.grant, exception.end.
 */
int adoption_exception_grant(struct store *store, const struct identity_act *act, int64_t version,
                             const char *requirement, const char *until, struct error *error);
int adoption_exception_end(struct store *store, const struct identity_act *act, int64_t version,
                           const char *requirement, struct error *error);

#endif
