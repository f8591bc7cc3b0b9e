/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of the journal, by path relative to an open directory. Errors name the path; their code
 * says what a person can do: journal_disk_full, journal_read_only, journal_file_missing, and
 * journal_input_output for everything else.
 */
#ifndef JOURNAL_FILES_H
#define JOURNAL_FILES_H

#include "base/buffer.h"
#include "base/error.h"

/* Fills error from errno for a path; returns -1. */
int files_error(struct error *error, const char *path);

/* Opens a directory; -1 with an error. */
int files_open_directory(const char *path, struct error *error);

/* Closes a descriptor that may be -1, and sets it to -1. */
void files_close(int *descriptor);

#define AUTO_CLOSE __attribute__((cleanup(files_close))) int

/* Appends a whole file of at most limit bytes; a longer one fails with journal_file_too_long. */
int files_read(int directory, const char *path, size_t limit, struct buffer *out,
               struct error *error);

/* Writes bytes at offset, all of them. */
int files_write_at(int descriptor, struct bytes bytes, size_t offset, const char *path,
                   struct error *error);

/* Creates or overwrites a file and the directories above it; nothing is synced. */
int files_write(int directory, const char *path, struct bytes bytes, struct error *error);

/*
 * Puts a file in the place of another: after a crash at any moment there is the old one or the new
 * one, whole, and after success the new one. mode is used as it is.
 */
int files_replace(int directory, const char *path, struct bytes bytes, unsigned mode,
                  struct error *error);

/* Makes the contents of a file, or the names in a directory, durable. */
int files_sync(int directory, const char *path, struct error *error);

/* Creates a directory unless it is there. */
int files_make_directory(int directory, const char *path, struct error *error);

#endif
