/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handing a file out in a ZIP archive under AES-256, with a password that is shown once. */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/file.h"
#include "gate/gate.h"

/* Letters and digits that nobody confuses when reading them to somebody: 32 of them. */
static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789-";

int gate_lock_password(char password[GATE_PASSWORD_SIZE], struct error *error)
{
    uint8_t random[GATE_PASSWORD_SIZE - 1];
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return error_set_errno(error, "gate_zip_failed", "getrandom");
    for (size_t i = 0; i < sizeof random; i++)
        password[i] = alphabet[random[i] % (sizeof alphabet - 1)];
    password[sizeof random] = 0;
    explicit_bzero(random, sizeof random);
    return 0;
}

/* Only what gate_lock_password can have made: nobody gets an archive with a short password. */
static int check_password(const char *password, struct error *error)
{
    if (strlen(password) == GATE_PASSWORD_SIZE - 1 &&
        strspn(password, alphabet) == GATE_PASSWORD_SIZE - 1)
        return 0;
    return error_set(error, "gate_bad_value", "password", "%s", "");
}

static int failed(struct archive *archive, struct error *error)
{
    return error_set(error, "gate_zip_failed", "zip", "%s", archive_error_string(archive));
}

static int copy_content(struct archive *archive, struct store_blob_reader *reader,
                        struct error *error)
{
    struct bytes piece;
    int result;
    while ((result = store_blob_read(reader, &piece, error)) == 0 && piece.length)
        if (archive_write_data(archive, piece.data, piece.length) != (la_ssize_t)piece.length)
            return failed(archive, error);
    return result;
}

static int write_entry(struct archive *archive, const struct gate_item *item, int64_t now,
                       struct error *error)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname_utf8(entry, item->output_name);
    archive_entry_set_size(entry, item->output_size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, now / TIME_SECOND, 0);
    int status = archive_write_header(archive, entry);
    archive_entry_free(entry);
    return status == ARCHIVE_OK ? 0 : failed(archive, error);
}

/* Writes the whole archive to a descriptor. */
static int write_archive(int file, const struct gate_item *item, struct store_blob_reader *reader,
                         const char *password, int64_t now, struct error *error)
{
    struct archive *archive = archive_write_new();
    int result = 0;
    if (archive_write_set_format_zip(archive) != ARCHIVE_OK ||
        archive_write_set_options(archive, "zip:encryption=aes256,zip:hdrcharset=UTF-8") !=
            ARCHIVE_OK ||
        archive_write_set_passphrase(archive, password) != ARCHIVE_OK ||
        archive_write_open_fd(archive, file) != ARCHIVE_OK)
        result = failed(archive, error);
    if (result == 0)
        result = write_entry(archive, item, now, error);
    if (result == 0)
        result = copy_content(archive, reader, error);
    if (result == 0 && archive_write_close(archive) != ARCHIVE_OK)
        result = failed(archive, error);
    archive_write_free(archive);
    return result;
}

int gate_item_lock(struct store *store, const struct identity_session *session, int64_t transfer,
                   int64_t item, int64_t now, struct gate_item *found, const char *password,
                   int *file, struct error *error)
{
    struct store_blob_reader *reader = NULL;
    *file = -1;
    if (check_password(password, error) != 0 ||
        gate_item_take(store, session, transfer, item, now, found, &reader, error) != 0)
        return -1;
    *file = memfd_create("zip", MFD_CLOEXEC);
    int result = *file < 0 ? error_set_errno(error, "gate_zip_failed", "memfd")
                           : write_archive(*file, found, reader, password, now, error);
    store_blob_reader_close(reader);
    if (result != 0 || lseek(*file, 0, SEEK_SET) != 0) {
        file_close(file);
        return result != 0 ? result : error_set_errno(error, "gate_zip_failed", "zip");
    }
    size_t length = strlen(found->output_name);
    snprintf(found->output_name + length, sizeof found->output_name - length, ".zip");
    return 0;
}
