/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Procedures: somebody asks for something by a form, those whose roles the form names decide.
 *
 * A form is a file in data/forms, checked and built in (tools/forms.py). Its steps are decided one
 * after the other. Nobody decides on their own request, neither as holder of the role nor as
 * deputy, and no deputy decides for the requester; who decided one step does not decide another.
 * What is decided is frozen: each decision names the digest of what was seen, and a decision on
 * anything else is refused. An ended case never changes again.
 *
 * Times are moments of base/time.h. Objects are named as in the journal ("transfer/17"). Texts in
 * structs are UTF-8 in arrays of fixed size.
 *
 * Errors beside those of the store: case_unknown (no such case, or not for this person),
 * case_form_unknown, case_bad_field ({where}: the field), case_not_open (it is decided already),
 * case_self (one's own request), case_twice (decided an earlier step), case_not_yours (holds no
 * role that this step asks for), case_forbidden (that role may not decide on this label from here),
 * case_changed (what was seen is not what is there now), case_reason
 * (a reason is missing).
 */
#ifndef CASES_CASES_H
#define CASES_CASES_H

#include "identity/sessions.h"

#define CASES_FORM_SIZE   33 /* bytes with the final NUL, as all sizes here */
#define CASES_OBJECT_SIZE 65
#define CASES_STATE_SIZE  17
#define CASES_LABEL_SIZE  129
#define CASES_REASON_SIZE 1537
#define CASES_SEEN_SIZE   72 /* "sha256:" and 64 digits */
#define CASES_STEPS       4  /* that a form can have, at most */

/* ---- opening ---- */

struct cases_request {
    const char *form;    /* key: "transfer" */
    const char *object;  /* what it is about */
    const char *content; /* digest of the object as it is to be approved, any text */
    const char *fields;  /* the form's fields as a JSON object of strings */
    int64_t requester;   /* person */
    int64_t department;  /* of the request: whose holders decide */
    const char *zone;    /* of the requester, for the journal; may be NULL */
    int64_t now;
};

/*
 * Opens a case in the open transaction; checks the fields against the form. A step for whose role
 * nobody but the requester can be reached goes to the first of the form's `otherwise` roles that
 * has somebody and may decide on the label. Journal: case.open.
 */
int cases_open(struct store *store, const struct cases_request *request, int64_t *id,
               struct error *error);

/* In the open transaction: ends an open case without a decision, since its object ended. One that
 * is not open is left alone. Journal: case.withdraw. */
int cases_withdraw(struct store *store, int64_t id, const char *actor, const char *reason,
                   int64_t now, struct error *error);

/*
 * In the open transaction: the thing asked for has been done already in an emergency. The case
 * stays open, is marked and gets the form's after-the-fact due date. Journal: case.emergency.
 */
int cases_mark_emergency(struct store *store, int64_t id, const char *actor, const char *reason,
                         int64_t now, struct error *error);

/* When a decision on a case of that form is due after an emergency at a moment; 0: no such form. */
int64_t cases_emergency_due(const char *form, int64_t now);

/* *reachable: somebody who may decide the open step can be reached now. */
int cases_reachable(struct store *store, int64_t id, int64_t now, bool *reachable,
                    struct error *error);

/* ---- reading ---- */

struct cases_step {
    char role[IDENTITY_ROLE_SIZE];
    int64_t department;           /* 0: the whole organization */
    char state[CASES_STATE_SIZE]; /* waiting, open, approved, refused, withdrawn */
    int64_t person;               /* who decided; 0: nobody yet */
    char name[IDENTITY_NAME_SIZE];
    int64_t acts_for; /* the holder's person when a deputy decided */
    int64_t decided;
    char reason[CASES_REASON_SIZE];
};

struct cases_case {
    int64_t id;
    char form[CASES_FORM_SIZE];
    char object[CASES_OBJECT_SIZE];
    char state[CASES_STATE_SIZE]; /* open, approved, refused, withdrawn */
    char seen[CASES_SEEN_SIZE];   /* digest that a decision must name */
    int64_t requester, department;
    char requester_name[IDENTITY_NAME_SIZE];
    char label[CASES_LABEL_SIZE];         /* classification of what it is about; "": none */
    int64_t created, due, decided;        /* decided 0: not yet */
    bool emergency;                       /* already done: to be approved after the fact */
    int step;                             /* that is open, from 0 */
    struct cases_step steps[CASES_STEPS]; /* filled by cases_read and cases_own only */
    size_t step_count;
};

/*
 * Reads a case for somebody: the requester, who may decide it or has decided it, or (session NULL)
 * the program itself. fields gets the JSON object and may be NULL.
 */
int cases_read(struct store *store, const struct identity_session *session, int64_t id,
               struct cases_case *found, struct buffer *fields, struct error *error);

/*
 * The cases whose open step waits for this session's roles, behind number `after`, oldest first;
 * not the person's own. *count is how many came, fewer than `most` at the end (most at most 200).
 */
int cases_waiting_for(struct store *store, const struct identity_session *session, int64_t after,
                      struct cases_case *list, size_t most, size_t *count, struct error *error);

/* The session's person's own cases before number `before` (0: all), newest first, with their steps.
 * *count is how many came, fewer than `most` at the end. */
int cases_own(struct store *store, const struct identity_session *session, int64_t before,
              struct cases_case *list, size_t most, size_t *count, struct error *error);

/* How many of them wait for this session's roles, counted up to `most`. */
int cases_count_waiting(struct store *store, const struct identity_session *session, size_t most,
                        size_t *count, struct error *error);

/* 0 when the session may decide the open step now; else the code says why not. */
int cases_may_decide(struct store *store, const struct identity_session *session, int64_t id,
                     int64_t now, struct error *error);

/* ---- deciding ---- */

/*
 * What is called in the transaction in which a case about an object with this prefix ends: the
 * object follows. -1 undoes the decision.
 */
struct cases_outcome {
    const char *prefix; /* "transfer/" */
    int (*decided)(struct store *store, const struct cases_case *decided, bool approved,
                   const struct identity_act *act, struct error *error);
};

struct cases_decision {
    int64_t id;
    bool approve;
    const char *reason; /* must be there for a refusal and after an emergency */
    const char *seen;   /* the digest of what was shown */
    int64_t now;
};

/*
 * Decides the open step in a transaction of its own. outcomes ends with a prefix of NULL and may be
 * NULL. *ended (may be NULL): the whole case is decided. Only people decide: a session by token
 * whose person is not present gets case_by_token, once nothing else stands in the way. Journal:
 * case.approve, case.refuse; a try on one's own request: case.self_refused.
 */
int cases_decide(struct store *store, const struct identity_session *session,
                 const struct cases_decision *decision, const struct cases_outcome *outcomes,
                 bool *ended, struct error *error);

#endif
