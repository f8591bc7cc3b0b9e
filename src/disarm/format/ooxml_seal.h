/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Closing an Office package with a password: agile encryption ([MS-OFFCRYPTO] 2.3.4.10, AES-256 and
 * SHA-512) in a compound file, as Office itself does it. Keys and salts are random, so the same
 * input does not give the same bytes twice.
 */
#ifndef DISARM_FORMAT_OOXML_SEAL_H
#define DISARM_FORMAT_OOXML_SEAL_H

#include "base/buffer.h"
#include "base/error.h"

/* Appends the closed document. password is UTF-8 and not empty. 0, or -1 with cfb_large. */
int ooxml_seal(struct bytes package, const char *password, struct buffer *out, struct error *error);

#endif
