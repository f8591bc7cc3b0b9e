/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files in memory: what a worker is given and what it gives back. */
#ifndef DISARM_MEMORY_FILE_H
#define DISARM_MEMORY_FILE_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"

/* An empty memory file that can be sealed, or -1 with memory_file_failed. The caller closes it. */
int memory_file_create(const char *name, struct error *error);

/*
 * Copies `input` from its position to its end into the memory file, hashing on the way. 0, or -1
 * with limit_input (more than limit bytes) or input_unreadable.
 */
int memory_file_fill(int file, int input, uint64_t limit, uint64_t *size,
                     uint8_t digest[static HASH_BYTES], struct error *error);

/* Seals the file for ever against writing, growing and shrinking. 0 or -1. */
int memory_file_seal(int file, struct error *error);

/* Maps the whole file for reading; an empty file is an empty view. 0 or -1; unmap after use. */
int memory_file_map(int file, struct bytes *view, struct error *error);
void memory_file_unmap(struct bytes view);

#endif
