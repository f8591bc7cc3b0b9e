/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two encryptions of Office packages: [MS-OFFCRYPTO] 2.3.4.5-2.3.4.15. */
#ifndef DISARM_FORMAT_OOXML_CIPHER_H
#define DISARM_FORMAT_OOXML_CIPHER_H

#include "base/buffer.h"
#include "base/error.h"

/*
 * Appends the package inside `sealed` (the stream EncryptedPackage). description is the stream
 * EncryptionInfo behind its version and flags; password is UTF-8. Errors: password_wrong,
 * ooxml_encryption (not understood), ooxml_altered (agile: the HMAC over `sealed` is another; one
 * that is absent is not asked for).
 */
int ooxml_cipher_agile(struct bytes description, struct bytes sealed, const char *password,
                       struct buffer *out, struct error *error);
int ooxml_cipher_standard(struct bytes description, struct bytes sealed, const char *password,
                          struct buffer *out, struct error *error);

#endif
