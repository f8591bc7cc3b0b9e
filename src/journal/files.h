/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the journal, by path relative to an open directory. Codes as in base/file.h. */
#ifndef JOURNAL_FILES_H
#define JOURNAL_FILES_H

#include "base/error.h"
#include "base/file.h"

/* Opens a directory; -1 with an error. */
int files_open_directory(const char *path, struct error *error);

/* Appends a whole file of at most limit bytes; a longer one fails with file_too_big. */
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
