/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Visiting every file below a directory, in the order of names, and removing a directory whole. */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

struct walk {
    file_visit *visit;
    void *context;
    size_t root_length; /* bytes of a full path before the relative one */
};

static int walk_directory(const struct walk *walk, const char *directory, struct error *error);

static int walk_entry(const struct walk *walk, const char *full, struct error *error)
{
    struct stat status;
    if (lstat(full, &status) != 0)
        return errno == ENOENT ? 0 : file_error(error, full); /* gone meanwhile */
    if (S_ISDIR(status.st_mode))
        return walk_directory(walk, full, error);
    if (!S_ISREG(status.st_mode))
        return 0;
    return walk->visit(walk->context, full + walk->root_length, full, error);
}

/* Everything but the directory itself and its parent. */
static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* In the order of bytes, whatever the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int walk_directory(const struct walk *walk, const char *directory, struct error *error)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_entry, compare_names);
    if (count < 0)
        return file_error(error, directory);
    int result = 0;
    for (int i = 0; i < count; i++) {
        AUTO_BUFFER full = {0};
        buffer_append_format(&full, "%s/%s", directory, entries[i]->d_name);
        if (result == 0)
            result = walk_entry(walk, buffer_string(&full), error);
        free(entries[i]);
    }
    free(entries);
    return result;
}

int file_walk(const char *root, file_visit *visit, void *context, struct error *error)
{
    struct walk walk = {visit, context, strlen(root) + 1};
    return walk_directory(&walk, root, error);
}

bool file_directory_empty(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_entry, NULL);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    if (count >= 0)
        free(entries);
    return count == 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

int file_remove_tree(const char *path, struct error *error)
{
    enum { DESCRIPTORS = 16 };
    if (nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return 0;
    return file_error(error, path);
}
