/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logging in, and staying so.
 *
 * The browser gets a random token; only its hash is kept. A session belongs to one zone and is
 * nothing in another. It ends when it was not used for a while, at the latest after a whole time,
 * at once when the person is suspended or leaves; privileged people have shorter limits.
 * Limits are those of the rules at the login (credentials.h).
 */
#ifndef IDENTITY_SESSIONS_H
#define IDENTITY_SESSIONS_H

#include "identity/directory.h"
#include "identity/people.h"

#define IDENTITY_TOKEN_SIZE 44 /* characters of base64url, with the final NUL */
#define IDENTITY_GRANTS     16 /* roles that one session can carry */
#define IDENTITY_SCOPES     32 /* actions that one token can carry */

/* ---- login ---- */

struct identity_attempt {
    const char *login, *password; /* as typed */
    const char *zone, *address, *device;
    int64_t now;
    const struct identity_directory *directory; /* asked about those without a password of ours;
                                                   NULL: nobody is */
};

/* What a login or a session still owes, in the order in which it is asked for. */
enum identity_stage {
    IDENTITY_WRONG,         /* login and password do not belong together, or the account is shut */
    IDENTITY_LOCKED,        /* too many wrong attempts: not before retry_at */
    IDENTITY_SECOND_FACTOR, /* a code or a security key must be shown */
    IDENTITY_MUST_CHANGE,   /* a new password must be set */
    IDENTITY_MUST_ENROLL,   /* a second factor must be registered */
    IDENTITY_FULL,          /* nothing: let in */
};

struct identity_login {
    enum identity_stage state;
    int64_t person;                  /* 0 when wrong or locked */
    char token[IDENTITY_TOKEN_SIZE]; /* for the cookie; empty when wrong or locked */
    const char *must_change; /* why the password must be changed: `error.<this>` says it; or NULL */
    int64_t retry_at;        /* when locked */
    int64_t last_login;      /* the login before this one; 0: none */
    int64_t failures_since;  /* wrong attempts since then */
};

/*
 * Tries to log in; 0 even when it is refused: state tells. An unknown login, a wrong password and a
 * shut account take the same way and the same time. Takes as long as Argon2id does, without holding
 * a transaction. Code directory_away: it cannot be known now, and does not count as an attempt.
 * Journal: login.accept, login.refuse, login.lock.
 */
int identity_login(struct store *store, const struct identity_attempt *attempt,
                   struct identity_login *login, struct error *error);

/* When a person logged in last (0: never) and how often it went wrong since. */
int identity_history_read(struct store *store, int64_t person, int64_t *last_login,
                          int64_t *failures, struct error *error);

/* ---- sessions ---- */

struct identity_grant {
    char role[IDENTITY_ROLE_SIZE];
    int64_t department; /* 0: the whole organization */
    int64_t acts_for;   /* the holder's person when it is held as a deputy; else 0 */
};

struct identity_session {
    int64_t id;     /* of the session, or of the token */
    int64_t person; /* … and "person/<number>" for the journal: */
    char actor[32];
    char login[IDENTITY_LOGIN_SIZE];
    char name[IDENTITY_NAME_SIZE];
    char language[3];
    int64_t department;
    char department_name[IDENTITY_NAME_SIZE];
    char zone[IDENTITY_ZONE_SIZE];
    char address[IDENTITY_ADDRESS_SIZE];
    char device[IDENTITY_DEVICE_SIZE];
    enum identity_stage stage;      /* SECOND_FACTOR … FULL */
    const char *must_change;        /* as in struct identity_login */
    bool privileged;                /* holds a privileged role: say so on the page */
    bool second_factor_done;        /* one was shown in this session */
    bool by_token;                  /* a program with a token, not a person at a browser */
    bool present;                   /* by token: its person showed a code with this request */
    char csrf[IDENTITY_TOKEN_SIZE]; /* secret for forms; empty for tokens */
    int64_t created, expires;       /* at the latest */
    int64_t idle_expires;           /* when it is not used */
    int64_t last_login;             /* the one before this session; 0: none */
    int64_t failures_since;
    struct identity_grant grants[IDENTITY_GRANTS];
    size_t grant_count;
    char scopes[IDENTITY_SCOPES][IDENTITY_ROLE_SIZE]; /* of a token */
    size_t scope_count;
};

/*
 * Finds the session of a token and notes its use (in a transaction of its own, about once a
 * minute). 1 found, 0 none: wrong zone, ended, expired, suspended or unknown; -1 error.
 */
int identity_session_find(struct store *store, const char *token, const char *zone, int64_t now,
                          struct identity_session *session, struct error *error);

/* The same for what a script asks by itself: it is no use of the session, which goes on ageing. */
int identity_session_peek(struct store *store, const char *token, const char *zone, int64_t now,
                          struct identity_session *session, struct error *error);

/* True when a form's secret is the session's, compared in constant time. */
bool identity_csrf_matches(const struct identity_session *session, const char *given);

/* The act of a session, for functions that change things; borrows the session. */
struct identity_act identity_session_act(const struct identity_session *session, int64_t now);

/* Ends the session of a token; one that is not there is no error. Journal: logout. */
int identity_logout(struct store *store, const struct identity_session *session, int64_t now,
                    struct error *error);

/* Ends all sessions of a person, `but` one (0: none is spared). Journal: logout.everywhere. */
int identity_logout_everywhere(struct store *store, const struct identity_act *act, int64_t person,
                               int64_t but, struct error *error);

/*
 * The session of a part of this program that acts for a person without a browser; `actor` stands in
 * the journal for it. Code identity_unknown, also while the account is shut.
 */
int identity_session_for(struct store *store, const char *login, const char *zone,
                         const char *actor, int64_t now, struct identity_session *session,
                         struct error *error);

/* ---- tokens for programs ---- */

struct identity_token {
    int64_t id;
    char name[IDENTITY_NAME_SIZE];
    char zone[IDENTITY_ZONE_SIZE];
    char scopes[IDENTITY_SCOPES * IDENTITY_ROLE_SIZE]; /* actions with one space between them */
    int64_t created, expires, used;                    /* used 0: never */
};

/*
 * Makes a token for the session's person in its zone. It can do what its scopes name and the person
 * may do, no more; scopes must be actions that the person may do now, expires at most a year away.
 * `token` is shown once. Codes identity_bad_value, identity_scope (also for a session that is
 * itself by token), identity_fresh (the login is more than 30 minutes ago). Journal: token.add.
 */
int identity_token_add(struct store *store, const struct identity_session *session,
                       const char *name, const char *scopes, int64_t expires, int64_t now,
                       char token[IDENTITY_TOKEN_SIZE], int64_t *id, struct error *error);

/* Ends a token of a person. Code identity_unknown. Journal: token.revoke. */
int identity_token_revoke(struct store *store, const struct identity_act *act, int64_t person,
                          int64_t id, struct error *error);

/* The tokens of a person that work, behind number `after`. */
int identity_token_list(struct store *store, int64_t person, int64_t now, int64_t after,
                        struct identity_token *list, size_t most, size_t *count,
                        struct error *error);

/* As identity_session_find, for the token of a program ("Authorization: Bearer …"). */
int identity_token_find(struct store *store, const char *token, const char *zone, int64_t now,
                        struct identity_session *session, struct error *error);

#endif
