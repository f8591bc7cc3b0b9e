/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files in memory. */
#include "disarm/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

enum { COPY_BYTES = 256 * 1024 };

int memory_file_create(const char *name, struct error *error)
{
    int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return file < 0 ? error_set_errno(error, "memory_file_failed", NULL) : file;
}

static int write_all(int file, struct bytes bytes, struct error *error)
{
    while (bytes.length) {
        ssize_t written = write(file, bytes.data, bytes.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return error_set_errno(error, "memory_file_failed", NULL);
        bytes = bytes_slice(bytes, (size_t)written, SIZE_MAX);
    }
    return 0;
}

static int copy(int file, int input, uint64_t limit, uint64_t *size, struct hash *hash,
                struct error *error)
{
    AUTO_FREE uint8_t *block = memory_allocate(COPY_BYTES, 1);
    *size = 0;
    for (;;) {
        ssize_t got = read(input, block, COPY_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(error, "input_unreadable", NULL);
        if (got == 0)
            return 0;
        *size += (uint64_t)got;
        if (*size > limit)
            return error_set(error, "limit_input", NULL, "%" PRIu64, limit);
        struct bytes piece = {block, (size_t)got};
        hash_update(hash, piece);
        if (write_all(file, piece, error))
            return -1;
    }
}

int memory_file_fill(int file, int input, uint64_t limit, uint64_t *size,
                     uint8_t digest[static HASH_BYTES], struct error *error)
{
    struct hash *hash = hash_start();
    int result = copy(file, input, limit, size, hash, error);
    hash_finish(hash, digest);
    return result;
}

int memory_file_seal(int file, struct error *error)
{
    if (fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
        return error_set_errno(error, "memory_file_failed", NULL);
    return 0;
}

int memory_file_map(int file, struct bytes *view, struct error *error)
{
    struct stat status;
    *view = (struct bytes){NULL, 0};
    if (fstat(file, &status))
        return error_set_errno(error, "memory_file_failed", NULL);
    if (status.st_size == 0)
        return 0;
    void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped == MAP_FAILED)
        return error_set_errno(error, "memory_file_failed", NULL);
    *view = (struct bytes){mapped, (size_t)status.st_size};
    return 0;
}

void memory_file_unmap(struct bytes view)
{
    if (view.length)
        munmap((void *)(uintptr_t)view.data, view.length);
}
