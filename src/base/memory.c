/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allocation that ends the process when there is none left. */
#include "base/memory.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

_Noreturn void memory_exhausted(void)
{
    _exit(MEMORY_EXIT_STATUS);
}

void *memory_allocate(size_t count, size_t size)
{
    void *block = calloc(count ? count : 1, size ? size : 1);
    if (!block)
        memory_exhausted();
    return block;
}

void *memory_resize(void *block, size_t count, size_t size)
{
    void *resized = reallocarray(block, count ? count : 1, size ? size : 1);
    if (!resized)
        memory_exhausted();
    return resized;
}

char *memory_copy_string(const void *data, size_t length)
{
    if (length == SIZE_MAX)
        memory_exhausted();
    char *copy = memory_allocate(length + 1, 1);
    if (length)
        memcpy(copy, data, length);
    return copy;
}
