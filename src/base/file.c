/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files: read, replaced in one step, copied, synced. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

int file_error(struct error *error, const char *path)
{
    switch (errno) {
    case ENOENT:
        return error_set(error, "file_missing", path, "%s", "");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return error_set(error, "disk_full", path, "%s", "");
    case EROFS:
    case EACCES:
    case EPERM:
        return error_set(error, "file_read_only", path, "%s", "");
    case EEXIST:
        return error_set(error, "file_exists", path, "%s", "");
    default:
        return error_set_errno(error, "file_failed", path);
    }
}

int file_open(const char *path, int flags, mode_t mode, struct error *error)
{
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? file_error(error, path) : fd;
}

void file_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int file_write_all(int fd, struct bytes bytes, const char *path, struct error *error)
{
    while (bytes.length > 0) {
        ssize_t written = write(fd, bytes.data, bytes.length);
        if (written < 0 && errno != EINTR)
            return file_error(error, path);
        if (written > 0)
            bytes = bytes_slice(bytes, (size_t)written, bytes.length);
    }
    return 0;
}

int file_read_some(int fd, void *data, size_t length, size_t *got, const char *path,
                   struct error *error)
{
    *got = 0;
    while (*got < length) {
        ssize_t taken = read(fd, (uint8_t *)data + *got, length - *got);
        if (taken == 0)
            break;
        if (taken < 0 && errno != EINTR)
            return file_error(error, path);
        if (taken > 0)
            *got += (size_t)taken;
    }
    return 0;
}

int file_sync(int fd, const char *path, struct error *error)
{
    return fsync(fd) == 0 ? 0 : file_error(error, path);
}

int file_sync_directory(const char *path, struct error *error)
{
    AUTO_FD fd = file_open(path, O_RDONLY | O_DIRECTORY, 0, error);
    return fd < 0 ? -1 : file_sync(fd, path, error);
}

int file_read(const char *path, size_t limit, struct buffer *out, struct error *error)
{
    AUTO_FD fd = file_open(path, O_RDONLY, 0, error);
    if (fd < 0)
        return -1;
    size_t start = out->length, got = 0;
    do {
        buffer_reserve(out, 65536);
        if (file_read_some(fd, out->data + out->length, 65536, &got, path, error) != 0)
            return -1;
        out->length += got;
        if (out->length - start > limit)
            return error_set(error, "file_too_big", path, "%zu", limit);
    } while (got == 65536);
    return 0;
}

void file_append_directory(struct buffer *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        buffer_append_string(out, ".");
    else
        buffer_append(out, path, slash == path ? 1 : (size_t)(slash - path));
}

/* Syncs the directory in which path stands. */
static int sync_parent(const char *path, struct error *error)
{
    AUTO_BUFFER parent = {0};
    file_append_directory(&parent, path);
    return file_sync_directory(buffer_string(&parent), error);
}

int file_rename(const char *from, const char *to, struct error *error)
{
    if (rename(from, to) != 0)
        return file_error(error, to);
    return sync_parent(to, error);
}

/* Syncs and closes what was written under a temporary name and gives it its own; on any failure,
 * also an earlier one (result), the temporary file goes. */
static int publish(int *fd, int result, const char *temporary, const char *path,
                   struct error *error)
{
    if (result == 0)
        result = file_sync(*fd, temporary, error);
    file_close(fd);
    if (result == 0)
        result = file_rename(temporary, path, error);
    if (result != 0)
        unlink(temporary);
    return result;
}

/* Opens <path>.new for writing; its name is appended to *name. */
static int open_temporary(const char *path, mode_t mode, struct buffer *name, struct error *error)
{
    buffer_append_format(name, "%s.new", path);
    const char *temporary = buffer_string(name);
    int fd = file_open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode, error);
    if (fd >= 0 && fchmod(fd, mode) != 0) {
        file_error(error, temporary);
        file_close(&fd);
    }
    return fd;
}

int file_replace(const char *path, struct bytes bytes, mode_t mode, struct error *error)
{
    AUTO_BUFFER name = {0};
    AUTO_FD fd = open_temporary(path, mode, &name, error);
    if (fd < 0)
        return -1;
    const char *temporary = buffer_string(&name);
    return publish(&fd, file_write_all(fd, bytes, temporary, error), temporary, path, error);
}

int file_create(const char *path, struct bytes bytes, mode_t mode, struct error *error)
{
    AUTO_FD fd = file_open(path, O_WRONLY | O_CREAT | O_EXCL, mode, error);
    if (fd < 0)
        return -1;
    if (file_write_all(fd, bytes, path, error) != 0 || file_sync(fd, path, error) != 0) {
        unlink(path);
        return -1;
    }
    return sync_parent(path, error);
}

/* Fills `to` with what is in `from`: shared blocks, else the kernel's copy. */
static int copy_content(int from, int to, const char *from_path, const char *to_path,
                        struct error *error)
{
    if (ioctl(to, FICLONE, from) == 0)
        return 0;
    struct stat status;
    if (fstat(from, &status) != 0)
        return file_error(error, from_path);
    for (off_t left = status.st_size; left > 0;) {
        ssize_t sent = sendfile(to, from, NULL, (size_t)left);
        if (sent == 0)
            return error_set(error, "file_failed", from_path, "%s", "it became shorter");
        if (sent < 0 && errno != EINTR)
            return file_error(error, to_path);
        if (sent > 0)
            left -= sent;
    }
    return 0;
}

int file_copy(const char *from, const char *to, mode_t mode, struct error *error)
{
    AUTO_FD source = file_open(from, O_RDONLY, 0, error);
    if (source < 0)
        return -1;
    AUTO_BUFFER name = {0};
    AUTO_FD fd = open_temporary(to, mode, &name, error);
    if (fd < 0)
        return -1;
    const char *temporary = buffer_string(&name);
    return publish(&fd, copy_content(source, fd, from, temporary, error), temporary, to, error);
}

bool file_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

int file_make_directory(const char *path, struct error *error)
{
    if (mkdir(path, 0700) == 0)
        return sync_parent(path, error);
    if (errno == ENOENT) {
        AUTO_BUFFER parent = {0};
        file_append_directory(&parent, path);
        if (strcmp(buffer_string(&parent), path) == 0)
            return file_error(error, path);
        if (file_make_directory(buffer_string(&parent), error) != 0)
            return -1;
        return mkdir(path, 0700) == 0 ? sync_parent(path, error) : file_error(error, path);
    }
    struct stat status;
    if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return 0;
    return file_error(error, path);
}
