/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening what our writer closed with a password (ISO 32000-2, 7.6, AES-256, revision 6). */
#ifndef DISARM_VERIFY_PDF_UNSEAL_H
#define DISARM_VERIFY_PDF_UNSEAL_H

#include "base/buffer.h"

/*
 * Reads an Encrypt dictionary of exactly our form (from << to >>) and finds the key by the
 * password. False when it is of another form or the password does not fit.
 */
bool unseal_key(struct bytes dictionary, const char *password, uint8_t key[32]);

/* Appends the decrypted data of a stream; false when the padding is wrong. */
bool unseal_stream(const uint8_t key[32], struct bytes data, struct buffer *out);

#endif
