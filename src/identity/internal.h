/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the identity room share. */
#ifndef IDENTITY_INTERNAL_H
#define IDENTITY_INTERNAL_H

#include "base/error.h"
#include "identity/credentials.h"
#include "identity/factors.h"
#include "identity/people.h"
#include "identity/sessions.h"
#include "store/record.h"

/* ---- settings (rules.c) ---- */

/* Appends one setting: 1 it is set, 0 not, -1 error. */
int setting_read(struct store *store, const char *name, struct buffer *value, struct error *error);

/* ---- transactions and entries (record.c) ---- */

/* Records what `act` did to "<kind>/<number>" in the open transaction; facts end with a NULL name.
 */
int identity_record(struct store *store, const struct identity_act *act, const char *action,
                    const char *kind, int64_t number, const struct store_fact *facts,
                    struct error *error);

#define IDENTITY_FACTS(...) ((const struct store_fact[]){__VA_ARGS__, {NULL, NULL}})
#define IDENTITY_NO_FACTS   NULL

/* A number or a name as text for a fact, good until the end of the block. */
struct identity_text {
    char text[32];
};
struct identity_text identity_number(int64_t number);

/* Runs a statement that gives one row back with a number. */
int identity_run_returning(struct store *store, enum store_statement statement,
                           const struct store_value *values, size_t count, int64_t *number,
                           struct error *error);

/* ---- values ---- */

/* Code identity_bad_value unless a text is printable UTF-8 (empty only when allowed). */
int identity_check_text(const char *text, const char *field, bool may_be_empty,
                        struct error *error);

/* 0 becomes null and back. */
static inline struct store_value identity_or_null(int64_t value)
{
    return value ? store_integer(value) : store_null();
}

/* ---- people (person.c) ---- */

/* What can be said against a person without asking the database; fills what has a default. */
int identity_person_check(struct identity_person *person, struct error *error);

/* As identity_person_save, inside the caller's transaction. */
int identity_person_write(struct store *store, const struct identity_act *act,
                          struct identity_person *person, struct error *error);

/* Ends sessions and tokens of a person inside the caller's transaction. */
int identity_shut(struct store *store, int64_t person, int64_t now, struct error *error);

/* Ends all holdings of a person that belong to a department (0: all) in the transaction. */
int identity_end_holdings(struct store *store, const struct identity_act *act, int64_t person,
                          int64_t department, struct error *error);

/* The roles that a person can act in at a moment, `staff` of the employed among them. */
int identity_grants_read(struct store *store, const struct identity_person *person, int64_t now,
                         struct identity_grant *grants, size_t *count, struct error *error);

/* True when one of the roles is a privileged one. */
bool identity_grants_privileged(const struct identity_grant *grants, size_t count);

/* ---- passwords ---- */

/* What is compared with a password for being guessable. */
struct identity_guess {
    const char *personal[8]; /* login, names, mail, organization; NULLs are passed over */
    int64_t length, strength;
};

/* NULL when a password is good enough, else the code of the reason (guess.c). */
const char *identity_guess_reason(const struct identity_guess *guess, const char *password);

/* How a password was found when logging in. */
struct identity_password {
    int64_t id; /* 0: the person has none */
    char hash[128];
    int64_t created, uses;
    bool temporary;
};

int identity_password_read(struct store *store, int64_t person, struct identity_password *password,
                           struct error *error);

/*
 * True when it is the password. With no password at all the same work is done and false comes out.
 */
bool identity_password_matches(const struct identity_password *password,
                               const struct identity_rules *rules, const char *given);

/* The hash under today's rules; needs no transaction. */
int identity_password_hash(const struct identity_rules *rules, const char *password, char hash[128],
                           struct error *error);

/* NULL when a password keeps today's rules, else the code of the reason why not. */
const char *identity_password_reason(struct store *store, const struct identity_person *person,
                                     const struct identity_rules *rules, bool privileged,
                                     const char *password);

/* ---- wrong attempts (guard.c) ---- */

struct identity_guard {
    uint8_t hash[32]; /* of the login that was typed */
    int64_t failures, locked_until;
};

/* Reads what is known of a login, as typed. */
int identity_guard_read(struct store *store, const char *login, struct identity_guard *guard,
                        struct error *error);

/* In the transaction: one more wrong attempt; locked_until is set when it locks. */
int identity_guard_fail(struct store *store, const struct identity_rules *rules,
                        struct identity_guard *guard, int64_t now, struct error *error);

/* In the transaction: forgets the attempts of a login. */
int identity_guard_lift(struct store *store, const char *login, struct error *error);

/* Code login_locked while a login is locked. */
int identity_guard_check(struct store *store, const char *login, int64_t now, struct error *error);

/*
 * Notes a wrong proof inside a session, in a transaction of its own, and gives -1 with `code`; when
 * it locks the login the session ends. action: what the journal calls it; method: with what.
 */
int identity_guard_refuse(struct store *store, const struct identity_session *session,
                          const char *action, const char *method, const char *code, int64_t now,
                          struct error *error);

/* ---- logins and sessions ---- */

/* What a session owes, by its columns. */
enum identity_stage identity_stage_of(const char *second_factor, const char *must_change);

/* In the transaction: a login is complete; attempts are forgiven, it becomes the last one. */
int identity_login_complete(struct store *store, int64_t person, const char *login,
                            const char *address, int64_t now, struct error *error);

/* Fills what a session knows from its person and their roles; false when the account is shut (and
 * an error, if there was one). */
bool identity_session_fill(struct store *store, struct identity_session *session, int64_t now,
                           struct error *error);

/* ---- tokens (secret.c) ---- */

#define IDENTITY_HASH_BYTES 32

/* A random token in base64url, and its hash. */
void identity_token_make(char token[IDENTITY_TOKEN_SIZE], uint8_t hash[IDENTITY_HASH_BYTES]);

/* The hash of a token as it came; false when it does not have the form of one. */
bool identity_token_hash(const char *token, uint8_t hash[IDENTITY_HASH_BYTES]);

/* The secret for forms that belongs to a token. */
void identity_token_csrf(const char *token, char csrf[IDENTITY_TOKEN_SIZE]);

/* Base64url without padding (RFC 4648 §5). Decoding: -1 when it is none. */
void identity_base64_append(struct buffer *out, struct bytes bytes);
int identity_base64_decode(struct buffer *out, const char *text);

/* ---- second factors (factor.c) ---- */

/* In the transaction: the session has shown a factor; it goes on under a new token. */
int identity_factor_pass(struct store *store, const struct identity_session *session, int64_t now,
                         char token[IDENTITY_TOKEN_SIZE], struct error *error);

/* Code factor_stage unless the session may register (true) or must show (false) a factor; code
 * login_locked after too many wrong ones. */
int identity_factor_allowed(struct store *store, const struct identity_session *session,
                            bool registering, int64_t now, struct error *error);

#endif
