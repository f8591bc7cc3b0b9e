/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Closing a PDF with a password: AES-256 as in ISO 32000-2, 7.6 (revision 6). Keys and starting
 * values are random, so the same input does not give the same bytes.
 */
#ifndef DISARM_FORMAT_PDF_SEAL_H
#define DISARM_FORMAT_PDF_SEAL_H

#include "base/buffer.h"
#include "base/error.h"

struct pdf_seal {
    uint8_t key[32];
    struct buffer dictionary; /* the value of Encrypt; owned */
};

/* Makes a new key, locked by the password (UTF-8). 0, or -1 with seal_failed. */
int pdf_seal_open(struct pdf_seal *seal, const char *password, struct error *error);
void pdf_seal_close(struct pdf_seal *seal);

/* Appends the data of a stream, encrypted. */
void pdf_seal_encrypt(const struct pdf_seal *seal, struct bytes data, struct buffer *out);

#endif
