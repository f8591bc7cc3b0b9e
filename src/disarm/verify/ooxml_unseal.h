/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an Office package that our writer closed with a password ([MS-OFFCRYPTO], agile). */
#ifndef DISARM_VERIFY_OOXML_UNSEAL_H
#define DISARM_VERIFY_OOXML_UNSEAL_H

#include "base/buffer.h"

/*
 * Reads a compound file of exactly our form and appends the package inside. False when any byte is
 * otherwise, the password does not fit, or the HMAC over the closed package is another.
 */
bool unseal_package(struct bytes file, const char *password, struct buffer *package);

#endif
