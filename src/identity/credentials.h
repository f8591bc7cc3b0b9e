/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passwords, and the rules for passwords, locks and sessions.
 *
 * A rule is a setting "identity.<name>" of the organization; what is not set has its default. Rules
 * that became stricter meet everybody at the next login: who does not keep them must change the
 * password first.
 *
 * Why a password is refused is the code of the error, and `error.<code>` says it to a person:
 * password_short, password_long, password_unreadable (not text), password_common (a word that
 * everybody tries), password_personal (holds the login, a name, the organization), password_pattern
 * (sequences, repetitions, dates), password_used (one of the last ones), password_mismatch (the
 * present one, asked for a change, is another). As reasons for having to change:
 * password_temporary, password_old, password_worn (used as often as the rules allow), and the
 * reasons above.
 */
#ifndef IDENTITY_CREDENTIALS_H
#define IDENTITY_CREDENTIALS_H

#include "identity/sessions.h"

struct identity_rules {
    int64_t password_length, password_length_privileged;     /* characters, at least */
    int64_t password_strength, password_strength_privileged; /* points: see guess.c */
    int64_t password_history;                                /* last ones that cannot come again */
    int64_t password_days, password_days_privileged;         /* 0: does not age */
    int64_t password_uses, password_uses_privileged;         /* logins; 0: any number */
    int64_t lock_after;                                      /* wrong attempts */
    int64_t lock_seconds, lock_seconds_most;       /* first delay; it doubles up to the second */
    int64_t session_idle, session_idle_privileged; /* seconds */
    int64_t session_most, session_most_privileged; /* seconds */
    int64_t second_factor_privileged;              /* 1: asked of privileged people everywhere */
    int64_t hash_operations, hash_memory;          /* of Argon2id; memory in KiB */
};

/* The organization's rules. */
int identity_rules_read(struct store *store, struct identity_rules *rules, struct error *error);

/* Sets one rule by its name ("password_length"). Codes identity_unknown, identity_bad_value (out of
 * the range that makes sense). Journal: rules.change. */
int identity_rule_save(struct store *store, const struct identity_act *act, const char *name,
                       int64_t value, struct error *error);

/* As identity_rule_save, in the open transaction. */
int identity_rule_put(struct store *store, const struct identity_act *act, const char *name,
                      int64_t value, struct error *error);

/* Sets several rules at once, all or none; `where` of an error is the name of the rule. Further
 * code identity_rules_order: an idle limit above the absolute one, a first delay above the longest.
 */
struct identity_rule_value {
    const char *name;
    int64_t value;
};
int identity_rules_save(struct store *store, const struct identity_act *act,
                        const struct identity_rule_value *values, size_t count,
                        struct error *error);

/* As identity_rules_save, and in the same transaction whether each of these zones asks for a second
 * factor, as identity_zone_factor_save. */
struct identity_zone_factor {
    const char *zone;
    bool required;
};
int identity_rules_and_factors_save(struct store *store, const struct identity_act *act,
                                    const struct identity_rule_value *values, size_t count,
                                    const struct identity_zone_factor *factors, size_t factor_count,
                                    struct error *error);

/* The name of the n-th rule, its least and highest value; NULL behind the last. For pages. */
const char *identity_rule_name(size_t n, int64_t *least, int64_t *most);

/* What the n-th rule is while it is not set. */
int64_t identity_rule_preset(size_t n);

/* The value of the n-th rule. */
int64_t identity_rule_value(const struct identity_rules *rules, size_t n);

/* Whether a zone asks for a second factor; "mynumber" always does. Journal: rules.change. */
int identity_zone_factor_save(struct store *store, const struct identity_act *act, const char *zone,
                              bool required, struct error *error);
int identity_zone_factor_put(struct store *store, const struct identity_act *act, const char *zone,
                             bool required, struct error *error); /* in the open transaction */
int identity_zone_factor_read(struct store *store, const char *zone, bool *required,
                              struct error *error);

/*
 * Gives a person a temporary password, made here and shown once (20 characters and the NUL), which
 * must be changed at the first login; all sessions end and the lock is lifted. Journal:
 * password.reset.
 */
#define IDENTITY_TEMPORARY_SIZE 20
int identity_password_reset(struct store *store, const struct identity_act *act, int64_t person,
                            char temporary[IDENTITY_TEMPORARY_SIZE], struct error *error);

/* Until when a login is locked after wrong attempts; 0: it is not. */
int identity_lock_read(struct store *store, const char *login, int64_t now, int64_t *until,
                       struct error *error);

/* Lifts the lock of a person's login and forgets the wrong attempts. Journal: login.unlock. */
int identity_lock_lift(struct store *store, const struct identity_act *act, int64_t person,
                       struct error *error);

/* Whether a person has a password of this system, rather than one that a directory keeps. */
int identity_password_own(struct store *store, int64_t person, bool *own, struct error *error);

/* Takes the password of this system away: from now on the directory is asked. Sessions end.
 * Journal: password.drop. */
int identity_password_drop(struct store *store, const struct identity_act *act, int64_t person,
                           struct error *error);

/* Sets a password chosen elsewhere (setup, demo, command); `temporary` as above. Journal:
 * password.set. Codes: why it is refused. */
int identity_password_set(struct store *store, const struct identity_act *act, int64_t person,
                          const char *password, bool temporary, struct error *error);

/*
 * Changes the session's own password; the other sessions of the person end. Codes: why it is
 * refused. Allowed in the stages MUST_CHANGE and later. Afterwards read the session again. Journal:
 * password.change.
 */
int identity_password_change(struct store *store, const struct identity_session *session,
                             const char *present, const char *wanted, int64_t now,
                             struct error *error);

#endif
