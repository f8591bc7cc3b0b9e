/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files as a whole, and making them last. What a function reports as done is on the disk: file and
 * directory entry were synced. Every function retries what a signal interrupted.
 *
 * Errors carry the path as place: file_missing, disk_full (no space or quota), file_read_only (file
 * system or permission), file_exists, file_too_big, else file_failed with the system's words.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/types.h>

#include "base/buffer.h"

struct error;

/* Fills error from errno with one of the codes above; returns -1. */
int file_error(struct error *error, const char *path);

/* Opens with O_CLOEXEC added; the descriptor, or -1. */
int file_open(const char *path, int flags, mode_t mode, struct error *error);

/* Closes *fd when it is open and sets it to -1; for __attribute__((cleanup)). */
void file_close(int *fd);

#define AUTO_FD __attribute__((cleanup(file_close))) int

/* Writes all bytes at the descriptor's position. path is for the error. */
int file_write_all(int fd, struct bytes bytes, const char *path, struct error *error);

/* Reads until `length` bytes or the end; *got is how many came. path is for the error. */
int file_read_some(int fd, void *data, size_t length, size_t *got, const char *path,
                   struct error *error);

/* fsync of a file, and of the directory at a path (so that names in it last). */
int file_sync(int fd, const char *path, struct error *error);
int file_sync_directory(const char *path, struct error *error);

/* Appends the whole file, at most limit bytes (file_too_big). */
int file_read(const char *path, size_t limit, struct buffer *out, struct error *error);

/*
 * Puts bytes at path in one step: whoever looks sees the old file or the new one, also after a
 * crash. Written to <path>.new with the given mode, synced, renamed, directory synced.
 */
int file_replace(const char *path, struct bytes bytes, mode_t mode, struct error *error);

/* As file_replace, but path must not exist (file_exists). */
int file_create(const char *path, struct bytes bytes, mode_t mode, struct error *error);

/* Copies a file to a new or replaced one with the given mode, in one step as file_replace; shares
 * the blocks where the file system can. */
int file_copy(const char *from, const char *to, mode_t mode, struct error *error);

/* Renames within one file system and syncs the directory of `to`. */
int file_rename(const char *from, const char *to, struct error *error);

/* Makes a directory for its owner only (0700) and its parents; one that is there stays as it is. */
int file_make_directory(const char *path, struct error *error);

/* True when path exists, whatever it is. */
bool file_exists(const char *path);

/* True when there is a directory at path with nothing in it. */
bool file_directory_empty(const char *path);

/* Removes a directory with everything in it, or nothing when it is absent. Links are not followed.
 */
int file_remove_tree(const char *path, struct error *error);

/* Appends the part of path before its last slash: "." when there is none. */
void file_append_directory(struct buffer *out, const char *path);

/* What file_walk calls for each regular file; path is relative to the root. Not 0 stops the walk.
 */
typedef int file_visit(void *context, const char *path, const char *full, struct error *error);

/*
 * Visits every regular file below root in the order of names; symbolic links and other things that
 * are neither file nor directory are skipped. Returns what the visitor last returned, or -1.
 */
int file_walk(const char *root, file_visit *visit, void *context, struct error *error);

#endif
