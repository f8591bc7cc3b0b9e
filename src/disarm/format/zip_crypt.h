/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encrypted members of ZIP files: traditional encryption (APPNOTE 6.1) and AES as WinZip writes it
 * (AE-1 and AE-2). The ciphers come from libcrypto, but for the traditional one.
 */
#ifndef DISARM_FORMAT_ZIP_CRYPT_H
#define DISARM_FORMAT_ZIP_CRYPT_H

#include "disarm/format/zip_read.h"

/*
 * Decrypts a member: *plain is the member as if it had never been encrypted, its packed bytes in
 * `storage`. The password is UTF-8; its CP932 form, which older Japanese programs use, is tried
 * too. *sealed is true when the bytes were authenticated and the CRC is absent (AE-2).
 *
 * Errors: password_needed (none given), password_wrong, zip_damaged, zip_encryption (another kind).
 */
int zip_decrypt(const struct zip_member *member, const char *password, struct buffer *storage,
                struct zip_member *plain, bool *sealed, struct error *error);

/*
 * Encrypts by AES-256 in the form AE-2: appends salt, check value, ciphertext and authentication
 * code to out, and the extra field 0x9901 for method to extra. The salt is random, as it must be.
 */
void zip_encrypt(struct bytes packed, uint16_t method, const char *password, struct buffer *extra,
                 struct buffer *out);

/* Loads what libcrypto needs; called before the sandbox closes. */
void zip_crypt_warm(void);

#endif
