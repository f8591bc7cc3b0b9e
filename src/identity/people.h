/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Departments, people, the roles they hold and who stands in for them.
 *
 * An account is open from `starts` until `ends` while it is not suspended. Closing or suspending
 * one ends its sessions in the same transaction; suspension also silences its tokens at once.
 * An account that several people use exists only with a reason and an end (a declared exception).
 *
 * Errors beside those of identity.h: identity_login_taken, identity_department_taken,
 * identity_department_unknown, identity_department_used (it is to be closed, but {detail} people
 * belong to it), identity_role_unknown, identity_shared_undeclared, identity_deputy_self,
 * identity_self (nobody gives a role to himself, or makes himself somebody's deputy).
 */
#ifndef IDENTITY_PEOPLE_H
#define IDENTITY_PEOPLE_H

#include "identity/identity.h"

/* ---- departments ---- */

struct identity_department {
    int64_t id; /* 0: a new one */
    char code[IDENTITY_LOGIN_SIZE];
    char name[IDENTITY_NAME_SIZE];
    int64_t parent; /* 0: none */
    int64_t closed; /* 0: open */
};

/* Adds (id 0, which is then set) or changes one. Journal: department.add, department.change. */
int identity_department_save(struct store *store, const struct identity_act *act,
                             struct identity_department *department, struct error *error);

/* Reads one by its number, or by its code when the number is 0. Code identity_unknown. */
int identity_department_read(struct store *store, int64_t id, const char *code,
                             struct identity_department *department, struct error *error);

/* Up to `most` departments behind `after_code` ("" at first), by code; *count is how many came. */
int identity_department_list(struct store *store, const char *after_code,
                             struct identity_department *list, size_t most, size_t *count,
                             struct error *error);

/* ---- people ---- */

struct identity_person {
    int64_t id;                      /* 0: a new one */
    char login[IDENTITY_LOGIN_SIZE]; /* a–z, 0–9, . _ - ; 2 characters or more */
    char name[IDENTITY_NAME_SIZE];
    char kana[IDENTITY_NAME_SIZE]; /* by which lists are ordered; may be empty */
    char mail[IDENTITY_MAIL_SIZE]; /* may be empty */
    int64_t department;
    char department_name[IDENTITY_NAME_SIZE]; /* filled by reading */
    char employment[16];                      /* regular, fiscal_year or contractor */
    char language[3];                         /* ja or en; empty: ja */
    int64_t starts, ends;                     /* ends 0: open */
    int64_t suspended;                        /* 0: not; changed by identity_person_suspend only */
    int64_t away_from, away_until;            /* 0: reachable; identity_person_away */
    char shared_reason[IDENTITY_NAME_SIZE];   /* empty: one person's own */
    int64_t shared_until;
};

/* True when the account can be used at a moment. */
bool identity_person_open(const struct identity_person *person, int64_t now);

/*
 * Adds (id 0, which is then set) or changes a person; a new one has no password yet. Who moves to
 * another department loses the roles that belonged to the old one; who leaves (ends is not after
 * now) loses all, and sessions and tokens end. Journal: person.add, person.change, person.move,
 * person.leave.
 */
int identity_person_save(struct store *store, const struct identity_act *act,
                         struct identity_person *person, struct error *error);

/* Appends the name of a person. 1, 0 when nobody has that number, -1. */
int identity_person_name(struct store *store, int64_t id, struct buffer *out, struct error *error);

/* Reads one by number, or by login when the number is 0. Code identity_unknown. */
int identity_person_read(struct store *store, int64_t id, const char *login,
                         struct identity_person *person, struct error *error);

struct identity_person_page {
    const char *search;     /* part of login, name, kana or department's name; NULL or "": all */
    int64_t department;     /* 0: all */
    bool former;            /* closed accounts too */
    const char *after_kana; /* of the last one of the page before; NULL at first */
    int64_t after_id;       /* … and its number */
    int64_t now;
};

/* The next people by kana and number; *count is how many came, fewer than `most` at the end. */
int identity_person_list(struct store *store, const struct identity_person_page *page,
                         struct identity_person *list, size_t most, size_t *count,
                         struct error *error);

/* Suspends (at once: no session or token works any more) or lets in again. Journal:
 * person.suspend, person.resume. */
int identity_person_suspend(struct store *store, const struct identity_act *act, int64_t person,
                            bool suspended, struct error *error);

/* Cannot be reached from … until (0, 0: can again). Journal: person.away. */
int identity_person_away(struct store *store, const struct identity_act *act, int64_t person,
                         int64_t from, int64_t until, struct error *error);

/* ---- roles ---- */

/* Whether a role key exists, and whether it is a privileged one. */
bool identity_role_known(const char *role);
bool identity_role_privileged(const char *role);

/* The keys of all roles, ending with NULL. */
extern const char *const identity_roles[];

struct identity_holder {
    int64_t id; /* of the holding */
    int64_t person;
    char name[IDENTITY_NAME_SIZE];
    char role[IDENTITY_ROLE_SIZE];
    int64_t department;   /* 0: the whole organization */
    int64_t starts, ends; /* ends 0: open */
};

/*
 * Gives a role; department 0 means the whole organization. `staff` is everybody's who is employed
 * (not contractors) without being given. *id may be NULL. Journal: role.grant.
 */
int identity_role_grant(struct store *store, const struct identity_act *act, int64_t person,
                        const char *role, int64_t department, int64_t starts, int64_t ends,
                        int64_t *id, struct error *error);

/* Ends a holding and its deputies now. Journal: role.end. */
int identity_role_end(struct store *store, const struct identity_act *act, int64_t id,
                      struct error *error);

/* The holdings of a person (0: of everybody) that have not ended, behind number `after`. */
int identity_role_list(struct store *store, int64_t person, int64_t now, int64_t after,
                       struct identity_holder *list, size_t most, size_t *count,
                       struct error *error);

struct identity_deputy {
    int64_t id;
    int64_t holder; /* the holding that is stood in for */
    int64_t person;
    char name[IDENTITY_NAME_SIZE];
    int64_t starts, ends;
};

/* Names a deputy for a holding between two moments. *id may be NULL. Journal: deputy.name. */
int identity_deputy_add(struct store *store, const struct identity_act *act, int64_t holder,
                        int64_t person, int64_t starts, int64_t ends, int64_t *id,
                        struct error *error);

/* Ends it now. Journal: deputy.end. */
int identity_deputy_end(struct store *store, const struct identity_act *act, int64_t id,
                        struct error *error);

/* The deputies of a holding that have not ended, by number. */
int identity_deputy_list(struct store *store, int64_t holder, int64_t now,
                         struct identity_deputy *list, size_t most, size_t *count,
                         struct error *error);

struct identity_approver {
    int64_t person;
    int64_t acts_for; /* the holder's person when this is a deputy; else 0 */
    char name[IDENTITY_NAME_SIZE];
};

/*
 * Who may decide in a role for a department at a moment and can be reached: holders of the role for
 * that department or the whole organization, and their deputies of that day, whose accounts are
 * open and who are not away. Holders first. Nobody is no error (*count 0).
 */
int identity_approvers(struct store *store, const char *role, int64_t department, int64_t now,
                       struct identity_approver *list, size_t most, size_t *count,
                       struct error *error);

#endif
