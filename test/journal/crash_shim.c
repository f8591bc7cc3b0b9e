/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into a program under test: counts the system calls that change files, and at number
 * CRASH_AT does what CRASH_MODE says:
 *
 *   stop    ends the process before the call
 *   tear    writes only a part of the bytes, then ends the process (for other calls: like stop)
 *   power   as tear, and then takes back what a power cut may take: any sectors that were written
 *           and not synced, and the last changes of names whose directories were not synced
 *   ENOSPC, EROFS, EIO   this call and all that follow fail; with CRASH_FOR, so many
 *
 * CRASH_SEED chooses what is torn and taken back. Only paths below CRASH_ROOT count. When the
 * process ends by itself, CRASH_AT was beyond its last call.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CRASH_STATUS = 99,
    SECTOR = 512,
    UNDO_MAX = 20000,
};

/* What would have to be taken back, oldest first. */
struct undo {
    enum { UNDO_WRITE, UNDO_CREATE, UNDO_RENAME, UNDO_TRUNCATE, UNDO_DONE } kind;
    char path[PATH_MAX];
    char from[PATH_MAX];  /* of a rename */
    char saved[PATH_MAX]; /* hard link to what a rename replaced, or a copy of what was cut */
    off_t offset, old_size;
    uint8_t *old; /* bytes before a write */
    size_t length;
};

static struct undo *undos;
static size_t undo_count;
static long calls;

static bool power(void)
{
    const char *mode = getenv("CRASH_MODE");
    return mode && !strcmp(mode, "power");
}

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

#define REAL(name) ((__typeof__(&name))real(#name))

static bool below_root(const char *path)
{
    const char *root = getenv("CRASH_ROOT");
    return root && !strncmp(path, root, strlen(root));
}

static bool path_of(int descriptor, char path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return false;
    path[length] = '\0';
    return below_root(path);
}

static bool path_at(int directory, const char *name, char path[PATH_MAX])
{
    char base[PATH_MAX];
    if (*name == '/' || directory == AT_FDCWD) {
        snprintf(path, PATH_MAX, "%s", name);
        return below_root(path);
    }
    if (!path_of(directory, base))
        return false;
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX)
        return false;
    return true;
}

static void parent_of(const char *path, char parent[PATH_MAX])
{
    snprintf(parent, PATH_MAX, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash)
        *slash = '\0';
}

static struct undo *remember(int kind, const char *path)
{
    if (!power())
        return NULL;
    if (!undos)
        undos = calloc(UNDO_MAX, sizeof *undos);
    if (undo_count == UNDO_MAX)
        abort();
    struct undo *undo = &undos[undo_count++];
    undo->kind = kind;
    snprintf(undo->path, sizeof undo->path, "%s", path);
    return undo;
}

static void undo_sectors(const struct undo *undo)
{
    int file = REAL(open)(undo->path, O_WRONLY);
    if (file < 0)
        return;
    for (size_t at = 0; at < undo->length;) {
        off_t end = ((undo->offset + (off_t)at) / SECTOR + 1) * SECTOR;
        size_t part = (size_t)(end - undo->offset) - at;
        if (part > undo->length - at)
            part = undo->length - at;
        if (random() % 2)
            REAL(pwrite)(file, undo->old + at, part, undo->offset + (off_t)at);
        at += part;
    }
    if (random() % 2 && undo->old_size < undo->offset + (off_t)undo->length)
        if (ftruncate(file, undo->old_size) < 0)
            abort();
    close(file);
}

static void undo_name(const struct undo *undo)
{
    if (undo->kind == UNDO_CREATE) {
        remove(undo->path);
    } else if (undo->kind == UNDO_RENAME) {
        REAL(rename)(undo->path, undo->from);
        if (*undo->saved)
            REAL(rename)(undo->saved, undo->path);
    } else if (undo->kind == UNDO_TRUNCATE) {
        REAL(rename)(undo->saved, undo->path);
    }
}

/* Data first; then names, from the last change back to a random one: journals keep their order. */
static void cut_power(void)
{
    size_t names = 0;
    for (size_t i = undo_count; i-- > 0;) {
        if (undos[i].kind == UNDO_WRITE)
            undo_sectors(&undos[i]);
        else if (undos[i].kind != UNDO_DONE)
            names++;
    }
    size_t back = names ? (size_t)random() % (names + 1) : 0;
    for (size_t i = undo_count; i-- > 0 && back > 0;) {
        if (undos[i].kind == UNDO_WRITE || undos[i].kind == UNDO_DONE)
            continue;
        undo_name(&undos[i]);
        back--;
    }
}

static void settle(struct undo *undo)
{
    if (*undo->saved)
        remove(undo->saved);
    free(undo->old);
    undo->old = NULL;
    undo->kind = UNDO_DONE;
}

/* A synced file keeps its bytes, a synced directory its names. */
static void settle_path(const char *path)
{
    for (size_t i = 0; i < undo_count; i++) {
        char parent[PATH_MAX];
        parent_of(undos[i].path, parent);
        bool data = undos[i].kind == UNDO_WRITE || undos[i].kind == UNDO_TRUNCATE;
        if (undos[i].kind != UNDO_DONE && !strcmp(data ? undos[i].path : parent, path))
            settle(&undos[i]);
    }
}

/* A rename carries what is known of a file over to its new name. */
static void move_undos(const char *from, const char *to)
{
    for (size_t i = 0; i < undo_count; i++)
        if (undos[i].kind == UNDO_WRITE && !strcmp(undos[i].path, from))
            snprintf(undos[i].path, sizeof undos[i].path, "%s", to);
}

/* Counts a call; returns 0 to go on, or an errno to fail with. Does not return when it crashes. */
static int count_call(int file, const void *data, size_t length, off_t offset)
{
    const char *at = getenv("CRASH_AT"), *mode = getenv("CRASH_MODE"), *seed = getenv("CRASH_SEED");
    long number = at ? atol(at) : 0;
    const char *many = getenv("CRASH_FOR");
    if (++calls < number || !mode || number == 0 || (many && calls >= number + atol(many)))
        return 0;
    if (!strcmp(mode, "ENOSPC"))
        return ENOSPC;
    if (!strcmp(mode, "EROFS"))
        return EROFS;
    if (!strcmp(mode, "EIO"))
        return EIO;
    srandom((unsigned)number * 31 + (unsigned)(seed ? atol(seed) : 0));
    if (strcmp(mode, "stop") != 0 && length > 0)
        REAL(pwrite)(file, data, (size_t)random() % length, offset);
    if (power())
        cut_power();
    _exit(CRASH_STATUS);
}

static bool refuse(int code)
{
    errno = code;
    return code != 0;
}

static void remember_write(int file, const char *path, size_t length, off_t offset)
{
    struct stat status;
    struct undo *undo = remember(UNDO_WRITE, path);
    if (!undo || fstat(file, &status) < 0)
        return;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    undo->offset = offset;
    undo->length = length;
    undo->old_size = status.st_size;
    undo->old = calloc(length, 1);
    int reader = REAL(open)(link, O_RDONLY); /* the descriptor itself may be for writing only */
    if (reader >= 0 && pread(reader, undo->old, length, offset) < 0)
        abort();
    close(reader);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset)
{
    char path[PATH_MAX];
    if (!path_of(file, path))
        return REAL(pwrite)(file, data, length, offset);
    remember_write(file, path, length, offset);
    if (refuse(count_call(file, data, length, offset)))
        return -1;
    return REAL(pwrite)(file, data, length, offset);
}

ssize_t pwrite64(int file, const void *data, size_t length, off_t offset)
{
    return pwrite(file, data, length, offset);
}

ssize_t write(int file, const void *data, size_t length)
{
    char path[PATH_MAX];
    if (!path_of(file, path))
        return REAL(write)(file, data, length);
    off_t offset = lseek(file, 0, SEEK_CUR);
    remember_write(file, path, length, offset);
    if (refuse(count_call(file, data, length, offset)))
        return -1;
    return REAL(write)(file, data, length);
}

int fsync(int file)
{
    char path[PATH_MAX];
    if (!path_of(file, path))
        return REAL(fsync)(file);
    if (refuse(count_call(file, NULL, 0, 0)))
        return -1;
    settle_path(path);
    return REAL(fsync)(file);
}

int fdatasync(int file)
{
    return fsync(file);
}

int syncfs(int file)
{
    char path[PATH_MAX];
    if (path_of(file, path) && refuse(count_call(file, NULL, 0, 0)))
        return -1;
    for (size_t i = 0; i < undo_count; i++)
        if (undos[i].kind != UNDO_DONE)
            settle(&undos[i]);
    return REAL(syncfs)(file);
}

static void save_replaced(struct undo *undo, const char *path)
{
    static unsigned number;
    const char *root = getenv("CRASH_ROOT");
    snprintf(undo->saved, sizeof undo->saved, "%s/.undo-%u", root, number++);
    if (link(path, undo->saved) < 0)
        *undo->saved = '\0';
}

static int change_name(const char *from, const char *to)
{
    if (refuse(count_call(-1, NULL, 0, 0)))
        return -1;
    struct undo *undo = remember(UNDO_RENAME, to);
    if (undo) {
        snprintf(undo->from, sizeof undo->from, "%s", from);
        save_replaced(undo, to);
        move_undos(from, to);
    }
    return REAL(rename)(from, to);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    char from_path[PATH_MAX], to_path[PATH_MAX];
    if (!path_at(from_directory, from, from_path) || !path_at(to_directory, to, to_path))
        return REAL(renameat)(from_directory, from, to_directory, to);
    return change_name(from_path, to_path);
}

int renameat2(int from_directory, const char *from, int to_directory, const char *to,
              unsigned flags)
{
    struct stat status;
    char to_path[PATH_MAX];
    if (flags != RENAME_NOREPLACE)
        return REAL(renameat2)(from_directory, from, to_directory, to, flags);
    if (path_at(to_directory, to, to_path) && lstat(to_path, &status) == 0)
        return refuse(EEXIST) ? -1 : 0;
    return renameat(from_directory, from, to_directory, to);
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int linkat(int from_directory, const char *from, int to_directory, const char *to, int flags)
{
    char path[PATH_MAX];
    if (!path_at(to_directory, to, path))
        return REAL(linkat)(from_directory, from, to_directory, to, flags);
    if (refuse(count_call(-1, NULL, 0, 0)))
        return -1;
    remember(UNDO_CREATE, path);
    return REAL(linkat)(from_directory, from, to_directory, to, flags);
}

int mkdirat(int directory, const char *name, mode_t mode)
{
    struct stat status;
    char path[PATH_MAX];
    if (!path_at(directory, name, path) || lstat(path, &status) == 0)
        return REAL(mkdirat)(directory, name, mode);
    if (refuse(count_call(-1, NULL, 0, 0)))
        return -1;
    remember(UNDO_CREATE, path);
    return REAL(mkdirat)(directory, name, mode);
}

int mkdir(const char *name, mode_t mode)
{
    return mkdirat(AT_FDCWD, name, mode);
}

int unlinkat(int directory, const char *name, int flags)
{
    char path[PATH_MAX];
    if (path_at(directory, name, path) && refuse(count_call(-1, NULL, 0, 0)))
        return -1;
    return REAL(unlinkat)(directory, name, flags);
}

int unlink(const char *name)
{
    return unlinkat(AT_FDCWD, name, 0);
}

/* Keeps what O_TRUNC throws away, under another name, and puts a copy in its place. */
static void save_truncated(const char *path)
{
    struct undo *undo = remember(UNDO_TRUNCATE, path);
    char piece[65536];
    ssize_t got;
    if (!undo)
        return;
    save_replaced(undo, path);
    int from = REAL(open)(undo->saved, O_RDONLY);
    REAL(unlinkat)(AT_FDCWD, path, 0);
    int to = REAL(open)(path, O_WRONLY | O_CREAT | O_EXCL, 0640);
    while ((got = read(from, piece, sizeof piece)) > 0)
        if (REAL(write)(to, piece, (size_t)got) != got)
            abort();
    close(from);
    close(to);
}

int openat(int directory, const char *name, int flags, ...)
{
    struct stat status;
    char path[PATH_MAX];
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (!(flags & (O_CREAT | O_TRUNC)) || !path_at(directory, name, path))
        return REAL(openat)(directory, name, flags, mode);
    bool there = lstat(path, &status) == 0;
    if (there && !(flags & O_TRUNC))
        return REAL(openat)(directory, name, flags, mode);
    if (refuse(count_call(-1, NULL, 0, 0)))
        return -1;
    if (there && status.st_size > 0 && power())
        save_truncated(path);
    int file = REAL(openat)(directory, name, flags, mode);
    if (file >= 0 && !there)
        remember(UNDO_CREATE, path);
    return file;
}

int openat64(int directory, const char *name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return openat(directory, name, flags, mode);
}

int open(const char *name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return openat(AT_FDCWD, name, flags, mode);
}

int open64(const char *name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return openat(AT_FDCWD, name, flags, mode);
}
