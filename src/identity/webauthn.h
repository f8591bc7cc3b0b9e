/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a browser says about a security key, checked (WebAuthn level 2, §7). No database here.
 *
 * Error codes: factor_format, factor_challenge, factor_wrong.
 */
#ifndef IDENTITY_WEBAUTHN_H
#define IDENTITY_WEBAUTHN_H

#include "identity/factors.h"

#define WEBAUTHN_CHALLENGE 32 /* bytes */

struct webauthn_key {
    struct buffer credential; /* its id */
    struct buffer public_key; /* as libfido2 keeps it */
    int algorithm;            /* of COSE: -7, -8 or -257 */
    uint32_t counter;
};

void webauthn_key_free(struct webauthn_key *key);

/* Reads the answer of navigator.credentials.create(): the key that it made for this challenge and
 * site, with its attestation verified when it brought one. The caller frees the key. */
int webauthn_register(const struct identity_site *site, const uint8_t challenge[WEBAUTHN_CHALLENGE],
                      struct bytes answer, struct webauthn_key *key, struct error *error);

/* Reads the credential id out of the answer of navigator.credentials.get(). */
int webauthn_credential(struct bytes answer, struct buffer *credential, struct error *error);

/* Verifies that answer with the key that was registered; *counter is what the key counted. */
int webauthn_check(const struct identity_site *site, const uint8_t challenge[WEBAUTHN_CHALLENGE],
                   struct bytes answer, const struct webauthn_key *key, uint32_t *counter,
                   struct error *error);

/* ---- attestation objects (webauthn_cbor.c) ---- */

struct webauthn_attestation {
    struct bytes format;    /* text */
    struct bytes statement; /* the CBOR map, whole */
    struct bytes data;      /* authenticator data */
};

/* Takes an attestation object apart; the views lie in it. Code factor_format. */
int webauthn_attestation_read(struct bytes object, struct webauthn_attestation *attestation,
                              struct error *error);

#endif
