/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allocation that does not return NULL. Out of memory ends the process (in a worker: the one file),
 * it never goes on with half of what it needed.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

/* The exit status of a process that ran out of memory; the pool turns it into a refusal. */
#define MEMORY_EXIT_STATUS 86

/* Ends the process with MEMORY_EXIT_STATUS. */
_Noreturn void memory_exhausted(void);

/* count × size zeroed bytes; the caller frees them with free(). Checks the product. */
void *memory_allocate(size_t count, size_t size) __attribute__((malloc, alloc_size(1, 2)));

/* As realloc to count × size bytes; the caller frees the result. New bytes are not zeroed. */
void *memory_resize(void *block, size_t count, size_t size) __attribute__((alloc_size(2, 3)));

/* A copy of length bytes with a NUL behind them; the caller frees it. */
char *memory_copy_string(const void *data, size_t length) __attribute__((malloc));

/* For __attribute__((cleanup(memory_free_pointer))) on a pointer of any type. */
static inline void memory_free_pointer(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}

#define AUTO_FREE __attribute__((cleanup(memory_free_pointer)))

#endif
