/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup as one tar file (pax), by libarchive. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "store/backup_internal.h"

enum { PIECE = 65536 };

static int archive_failed(struct archive *archive, const char *path, struct error *error)
{
    errno = archive_errno(archive);
    if (errno == ENOSPC || errno == EDQUOT)
        return file_error(error, path);
    const char *says = archive_error_string(archive);
    return error_set(error, "backup_unreadable", path, "%s", says ? says : "");
}

/* Writes the bytes of an open file behind its header. */
static int pack_content(struct archive *archive, int fd, const char *path, struct error *error)
{
    uint8_t piece[PIECE];
    size_t got;
    do {
        if (file_read_some(fd, piece, sizeof piece, &got, path, error) != 0)
            return -1;
        if (got > 0 && archive_write_data(archive, piece, got) != (la_ssize_t)got)
            return archive_failed(archive, path, error);
    } while (got > 0);
    return 0;
}

static int pack_file(void *context, const char *name, const char *path, struct error *error)
{
    struct archive *archive = context;
    struct stat status;
    AUTO_FD fd = file_open(path, O_RDONLY | O_NOFOLLOW, 0, error);
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) != 0)
        return file_error(error, path);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, status.st_size);
    archive_entry_set_mtime(entry, status.st_mtime, 0);
    int result = archive_write_header(archive, entry) == ARCHIVE_OK
                     ? pack_content(archive, fd, path, error)
                     : archive_failed(archive, path, error);
    archive_entry_free(entry);
    return result;
}

static int pack_into(int fd, const char *directory, const char *path, struct error *error)
{
    struct archive *archive = archive_write_new();
    int result = 0;
    if (archive_write_set_format_pax_restricted(archive) != ARCHIVE_OK ||
        archive_write_open_fd(archive, fd) != ARCHIVE_OK)
        result = archive_failed(archive, path, error);
    if (result == 0)
        result = file_walk(directory, pack_file, archive, error);
    if (result == 0 && archive_write_close(archive) != ARCHIVE_OK)
        result = archive_failed(archive, path, error);
    archive_write_free(archive);
    return result == 0 ? file_sync(fd, path, error) : -1;
}

int backup_pack(const char *directory, const char *file, struct error *error)
{
    AUTO_BUFFER temporary = {0};
    buffer_append_format(&temporary, "%s.new", file);
    const char *path = buffer_string(&temporary);
    AUTO_FD fd = file_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600, error);
    if (fd < 0)
        return -1;
    int result = pack_into(fd, directory, path, error);
    file_close(&fd);
    if (result == 0)
        result = file_rename(path, file, error);
    if (result != 0)
        unlink(path);
    return result;
}

/* A name below the directory and nowhere else: relative, no empty part, no dot as first character
 * of a part. */
static bool safe_name(const char *name)
{
    if (!name || name[0] == '\0')
        return false;
    for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (part[0] == '/' || part[0] == '.' || part[0] == '\0')
            return false;
    return true;
}

static int unpack_content(struct archive *archive, const char *path, struct error *error)
{
    uint8_t piece[PIECE];
    AUTO_BUFFER parent = {0};
    file_append_directory(&parent, path);
    if (file_make_directory(buffer_string(&parent), error) != 0)
        return -1;
    AUTO_FD fd = file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600, error);
    if (fd < 0)
        return -1;
    la_ssize_t got;
    while ((got = archive_read_data(archive, piece, sizeof piece)) > 0)
        if (file_write_all(fd, (struct bytes){piece, (size_t)got}, path, error) != 0)
            return -1;
    return got == 0 ? 0 : archive_failed(archive, path, error);
}

static int unpack_all(struct archive *archive, const char *directory, const char *file,
                      struct error *error)
{
    struct archive_entry *entry;
    int code;
    while ((code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        AUTO_BUFFER path = {0};
        const char *name = archive_entry_pathname(entry);
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) ||
            !safe_name(name))
            return error_set(error, "backup_unreadable", file, "%s", name ? name : "");
        store_append_path(&path, directory, name);
        if (unpack_content(archive, buffer_string(&path), error) != 0)
            return -1;
    }
    return code == ARCHIVE_EOF ? 0 : archive_failed(archive, file, error);
}

int backup_unpack(const char *file, const char *directory, struct error *error)
{
    AUTO_FD fd = file_open(file, O_RDONLY, 0, error);
    if (fd < 0 || file_make_directory(directory, error) != 0)
        return -1;
    struct archive *archive = archive_read_new();
    int result = 0;
    if (archive_read_support_format_tar(archive) != ARCHIVE_OK ||
        archive_read_open_fd(archive, fd, PIECE) != ARCHIVE_OK)
        result = archive_failed(archive, file, error);
    if (result == 0)
        result = unpack_all(archive, directory, file, error);
    archive_read_free(archive);
    return result;
}
