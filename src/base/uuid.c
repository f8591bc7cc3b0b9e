/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Version 5 UUIDs over libcrypto's SHA-1, which here identifies and protects nothing. */
#include "base/uuid.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"

/* RFC 9562, section 6.6: the namespace of URLs. */
static const uint8_t url_namespace[16] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                          0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

void uuid_of_uri(struct bytes name, char text[static UUID_TEXT])
{
    AUTO_BUFFER named = {0};
    buffer_append(&named, url_namespace, sizeof url_namespace);
    buffer_append_bytes(&named, name);
    uint8_t u[EVP_MAX_MD_SIZE] = {0};
    if (EVP_Digest(named.data, named.length, u, NULL, EVP_sha1(), NULL) != 1)
        abort(); /* out of memory */
    u[6] = (uint8_t)((u[6] & 0x0F) | 0x50);
    u[8] = (uint8_t)((u[8] & 0x3F) | 0x80);
    snprintf(text, UUID_TEXT,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0], u[1],
             u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14],
             u[15]);
}
