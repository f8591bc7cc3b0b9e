/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing files of the journal, with the syncs that durability needs. */
#include "journal/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DIRECTORY_MODE = 0750,
    FILE_MODE = 0640,
    READ_PIECE = 65536,
};

int files_open_directory(const char *path, struct error *error)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return descriptor < 0 ? file_error(error, path) : descriptor;
}

int files_read(int directory, const char *path, size_t limit, struct buffer *out,
               struct error *error)
{
    AUTO_FD file = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (file < 0)
        return file_error(error, path);
    size_t start = out->length, got = 1;
    while (got > 0) {
        buffer_reserve(out, READ_PIECE);
        if (file_read_some(file, out->data + out->length, READ_PIECE, &got, path, error) < 0)
            return -1;
        out->length += got;
        if (out->length - start > limit)
            return error_set(error, "file_too_big", path, "%zu", limit);
    }
    return 0;
}

int files_write_at(int descriptor, struct bytes bytes, size_t offset, const char *path,
                   struct error *error)
{
    while (bytes.length > 0) {
        ssize_t put = pwrite(descriptor, bytes.data, bytes.length, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return file_error(error, path);
        bytes = bytes_slice(bytes, (size_t)put, bytes.length);
        offset += (size_t)put;
    }
    return 0;
}

int files_make_directory(int directory, const char *path, struct error *error)
{
    if (mkdirat(directory, path, DIRECTORY_MODE) < 0 && errno != EEXIST)
        return file_error(error, path);
    return 0;
}

/* Creates every directory above a path. */
static int make_parents(int directory, const char *path, struct error *error)
{
    AUTO_BUFFER prefix = {0};
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        buffer_clear(&prefix);
        buffer_append(&prefix, path, (size_t)(slash - path));
        if (files_make_directory(directory, buffer_string(&prefix), error) < 0)
            return -1;
    }
    return 0;
}

int files_write(int directory, const char *path, struct bytes bytes, struct error *error)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    AUTO_FD file = openat(directory, path, flags, FILE_MODE);
    if (file < 0 && errno == ENOENT) {
        if (make_parents(directory, path, error) < 0)
            return -1;
        file = openat(directory, path, flags, FILE_MODE);
    }
    if (file < 0)
        return file_error(error, path);
    return file_write_all(file, bytes, path, error);
}

int files_sync(int directory, const char *path, struct error *error)
{
    AUTO_FD file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fsync(file) < 0)
        return file_error(error, path);
    return 0;
}

/* Syncs the directory that holds a path. */
static int sync_parent(int directory, const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/');
    AUTO_BUFFER parent = {0};
    if (slash)
        buffer_append(&parent, path, (size_t)(slash - path));
    else
        buffer_append_byte(&parent, '.');
    return files_sync(directory, buffer_string(&parent), error);
}

/* Writes and syncs a new file; what is there of it when this fails is removed by the caller. */
static int write_synced(int directory, const char *path, struct bytes bytes, unsigned mode,
                        struct error *error)
{
    AUTO_FD file =
        openat(directory, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0)
        return file_error(error, path);
    return file_write_all(file, bytes, path, error) < 0 ? -1 : file_sync(file, path, error);
}

int files_replace(int directory, const char *path, struct bytes bytes, unsigned mode,
                  struct error *error)
{
    AUTO_BUFFER temporary = {0};
    buffer_append_format(&temporary, "%s.new", path);
    const char *name = buffer_string(&temporary);
    if (write_synced(directory, name, bytes, mode, error) < 0) {
        unlinkat(directory, name, 0);
        return -1;
    }
    if (renameat(directory, name, directory, path) < 0)
        return file_error(error, path);
    return sync_parent(directory, path, error);
}
