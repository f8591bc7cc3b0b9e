/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encryption, which password, and the package that comes out. */
#include "disarm/format/ooxml_encrypted.h"

#include "base/cursor.h"
#include "disarm/format/cfb.h"
#include "disarm/format/ooxml.h"
#include "disarm/format/ooxml_cipher.h"
#include "disarm/format/ooxml_text.h"

/* What Excel tries by itself: [MS-OFFCRYPTO] 2.4.2.3. */
#define DEFAULT_PASSWORD "VelvetSweatshop"

static int decrypt(struct bytes description, struct bytes package, const char *password,
                   struct buffer *out, struct error *error)
{
    struct cursor cursor = cursor_open(description);
    uint16_t major = cursor_u16le(&cursor), minor = cursor_u16le(&cursor);
    uint32_t flags = cursor_u32le(&cursor);
    struct bytes rest = cursor_take_rest(&cursor);
    if (major == 4 && minor == 4)
        return ooxml_cipher_agile(rest, package, password, out, error);
    if (minor == 2 && major >= 2 && major <= 4)
        return ooxml_cipher_standard(rest, package, password, out, error);
    return error_set(error, "ooxml_encryption", NULL, "%u.%u, %u", major, minor, flags);
}

static int open_package(struct job *job, struct bytes in, struct buffer *package,
                        struct error *error)
{
    AUTO_BUFFER description = {0}, sealed = {0};
    if (cfb_read_stream(in, "EncryptionInfo", &description, error) ||
        cfb_read_stream(in, "EncryptedPackage", &sealed, error) ||
        job_use_unpacked(job, sealed.length, 0, error))
        return -1;
    const char *const tried[] = {job->options->password, DEFAULT_PASSWORD};
    struct error own = {0};
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        if (!tried[i])
            continue;
        if (!decrypt(buffer_bytes(&description), buffer_bytes(&sealed), tried[i], package, &own))
            return 0;
        if (strcmp(own.code, "password_wrong") != 0)
            break;
    }
    if (!job->options->password && !strcmp(own.code, "password_wrong"))
        own.code = "password_needed";
    return error_set(error, own.code, job->path, "%s", own.detail);
}

static int open_and(struct job *job, struct bytes in, format_treatment *treat, struct buffer *out,
                    struct error *error)
{
    AUTO_BUFFER package = {0};
    if (open_package(job, in, &package, error))
        return -1;
    job_record(job, NULL, "encryption", RECEIPT_REWRITTEN, "ooxml_opened", in.length,
               package.length);
    return treat(job, buffer_bytes(&package), out, error);
}

int ooxml_encrypted_rebuild(struct job *job, struct bytes in, struct buffer *out,
                            struct error *error)
{
    return open_and(job, in, ooxml_rebuild, out, error);
}

int ooxml_encrypted_text(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    return open_and(job, in, ooxml_text, out, error);
}
