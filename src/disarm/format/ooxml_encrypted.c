/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encryption, which password, the package that comes out, and closing it again. */
#include "disarm/format/ooxml_encrypted.h"

#include "base/cursor.h"
#include "disarm/format/cfb.h"
#include "disarm/format/ooxml.h"
#include "disarm/format/ooxml_cipher.h"
#include "disarm/format/ooxml_seal.h"
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

/* *given says whether the password that was given opened it, not the default one. */
static int open_package(struct job *job, struct bytes in, struct buffer *package, bool *given,
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
        if (!decrypt(buffer_bytes(&description), buffer_bytes(&sealed), tried[i], package, &own)) {
            *given = i == 0;
            return 0;
        }
        if (strcmp(own.code, "password_wrong") != 0)
            break;
    }
    if (!job->options->password && !strcmp(own.code, "password_wrong"))
        own.code = "password_needed";
    return error_set(error, own.code, job->path, "%s", own.detail);
}

static void record(struct job *job, const char *reason, struct bytes in,
                   const struct buffer *package)
{
    job_record(job, NULL, "encryption", RECEIPT_REWRITTEN, reason, in.length, package->length);
}

int ooxml_encrypted_rebuild(struct job *job, struct bytes in, struct buffer *out,
                            struct error *error)
{
    AUTO_BUFFER package = {0}, rebuilt = {0};
    const struct disarm_options *options = job->options;
    bool given;
    if (open_package(job, in, &package, &given, error))
        return -1;
    bool close_again = given && options->encrypt_again && *options->password;
    record(job,
           close_again ? "ooxml_encrypted_again"
           : given     ? "ooxml_opened"
                       : "ooxml_opened_by_default",
           in, &package);
    if (!close_again)
        return ooxml_rebuild(job, buffer_bytes(&package), out, error);
    if (ooxml_rebuild(job, buffer_bytes(&package), &rebuilt, error))
        return -1;
    return ooxml_seal(buffer_bytes(&rebuilt), options->password, out, error);
}

int ooxml_encrypted_text(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_BUFFER package = {0};
    bool given;
    if (open_package(job, in, &package, &given, error))
        return -1;
    record(job, given ? "ooxml_opened" : "ooxml_opened_by_default", in, &package);
    return ooxml_text(job, buffer_bytes(&package), out, error);
}
