/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second factors: codes by time (RFC 6238), recovery codes, security keys (WebAuthn level 2).
 *
 * A factor is registered in a session of stage FULL or MUST_ENROLL; it is shown in a session of
 * stage SECOND_FACTOR. Wrong codes count as wrong attempts of the login and lock it likewise.
 * After showing or registering the session's token changes: set the new cookie.
 *
 * Errors beside those of identity.h: factor_wrong (code or signature), login_locked (too many
 * attempts), factor_stage (not now), factor_expired (the challenge was not met in time),
 * factor_challenge (made for another challenge, origin or site), factor_format (not of WebAuthn's
 * form), factor_taken (this key is registered already), factor_copied (the key's counter went back:
 * a copy of it exists).
 */
#ifndef IDENTITY_FACTORS_H
#define IDENTITY_FACTORS_H

#include "identity/sessions.h"

#define IDENTITY_RECOVERY_CODES 10
#define IDENTITY_RECOVERY_SIZE  20 /* XXXX-XXXX-XXXX-XXXX and the NUL */

struct identity_factors {
    bool totp;
    int64_t keys;           /* security keys */
    int64_t recovery_codes; /* not used yet */
};

/* What a person has registered. */
int identity_factors_read(struct store *store, int64_t person, struct identity_factors *factors,
                          struct error *error);

/* ---- codes by time ---- */

/*
 * Makes a new secret, which counts once it is confirmed. Appends the otpauth:// URI for the QR
 * code; `issuer` is what the app shows, such as the organization's name.
 */
int identity_totp_begin(struct store *store, const struct identity_session *session,
                        const char *issuer, int64_t now, struct buffer *uri, struct error *error);

/* Takes the first code: from now on it is asked for. token: the session's new one. Journal:
 * factor.add. */
int identity_totp_confirm(struct store *store, const struct identity_session *session,
                          const char *code, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                          struct error *error);

/* Takes a code in stage SECOND_FACTOR: one step of clock difference is allowed, no code twice.
 * Journal: factor.accept, factor.refuse. */
int identity_totp_check(struct store *store, const struct identity_session *session,
                        const char *code, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                        struct error *error);

/*
 * For a session by token: that its person stands behind this one request, with a code of their
 * authenticator, which then is used up. Sets session->present. Wrong codes count and lock as at a
 * login. Codes factor_stage (no token), factor_none (no authenticator), factor_wrong, login_locked.
 * Journal: factor.accept, factor.refuse.
 */
int identity_presence_prove(struct store *store, struct identity_session *session, const char *code,
                            int64_t now, struct error *error);

/* ---- recovery codes ---- */

/* Makes new ones, shown once; the old ones are worth nothing any more. Journal: recovery.make. */
int identity_recovery_make(struct store *store, const struct identity_session *session, int64_t now,
                           char codes[IDENTITY_RECOVERY_CODES][IDENTITY_RECOVERY_SIZE],
                           struct error *error);

/* Takes one in stage SECOND_FACTOR, once. Case, spaces and hyphens do not matter. Journal:
 * recovery.use, factor.refuse. */
int identity_recovery_check(struct store *store, const struct identity_session *session,
                            const char *code, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                            struct error *error);

/* ---- security keys ---- */

struct identity_site {
    const char *id;     /* relying party id: the host name of the zone's address */
    const char *origin; /* "https://host:port" as the browser names it */
};

/*
 * Appends the options for navigator.credentials.create() or .get() as JSON: bytes are base64url.
 * The challenge is good for five minutes and for this session.
 */
int identity_key_register_begin(struct store *store, const struct identity_session *session,
                                const struct identity_site *site, int64_t now, struct buffer *json,
                                struct error *error);
int identity_key_check_begin(struct store *store, const struct identity_session *session,
                             const struct identity_site *site, int64_t now, struct buffer *json,
                             struct error *error);

/*
 * Takes the browser's answer as JSON: {"clientDataJSON", "attestationObject"} when registering,
 * {"id", "clientDataJSON", "authenticatorData", "signature"} when checking, all base64url.
 * name: what the person calls the key. Journal: factor.add; factor.accept, factor.refuse.
 */
int identity_key_register_finish(struct store *store, const struct identity_session *session,
                                 const struct identity_site *site, const char *name,
                                 struct bytes answer, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                                 struct error *error);
int identity_key_check_finish(struct store *store, const struct identity_session *session,
                              const struct identity_site *site, struct bytes answer, int64_t now,
                              char token[IDENTITY_TOKEN_SIZE], struct error *error);

struct identity_key {
    int64_t id;
    char name[IDENTITY_NAME_SIZE];
    int64_t created, used; /* used 0: never */
};

/* The keys of a person, by number. */
int identity_key_list(struct store *store, int64_t person, struct identity_key *list, size_t most,
                      size_t *count, struct error *error);

/* Takes a key, or (key 0) the codes by time, away. Journal: factor.remove. */
int identity_factor_remove(struct store *store, const struct identity_act *act, int64_t person,
                           int64_t key, struct error *error);

/* Takes everything away that a person has registered, recovery codes too, and ends the sessions:
 * for who lost the device. Journal: factor.reset. */
int identity_factors_reset(struct store *store, const struct identity_act *act, int64_t person,
                           struct error *error);

#endif
