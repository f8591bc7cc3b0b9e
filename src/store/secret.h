/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets inside the database that must not lie there in the open: encrypted (XChaCha20-Poly1305)
 * under a key derived from keys/blob.key, which is not in the database. Who copies the database
 * alone has nothing of them; a backup without that key brings them back only together with it.
 *
 * Errors: store_key_missing, store_key_bad, store_secret_broken (changed, or of another place).
 */
#ifndef STORE_SECRET_H
#define STORE_SECRET_H

#include "store/store.h"

/* How much longer a sealed secret is than the secret. */
#define STORE_SECRET_OVERHEAD 48

/* Appends a secret, sealed for a place such as "totp/3": it opens nowhere else. */
int store_secret_seal(struct store *store, const char *place, struct bytes secret,
                      struct buffer *sealed, struct error *error);

/* Appends the secret that was sealed for that place. */
int store_secret_open(struct store *store, const char *place, struct bytes sealed,
                      struct buffer *secret, struct error *error);

#endif
