/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory of its own for each test, removed afterwards:
 * `scratch_unit_test(function)` in the list of tests, `scratch_path(*state, "name")` in them.
 */
#ifndef TEST_SCRATCH_H
#define TEST_SCRATCH_H

#include <dirent.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct scratch {
    char root[64];
    char *paths[16]; /* a ring of the paths last asked for */
    unsigned next;
};

static inline int scratch_setup(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    /* In memory where that can be had: these tests ask what is written, not how long disks take. */
    struct statvfs memory;
    bool roomy = access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &memory) == 0 &&
                 memory.f_bavail * memory.f_frsize > 1u << 30;
    const char *base = roomy ? "/dev/shm" : "/tmp";
    snprintf(scratch->root, sizeof scratch->root, "%s/sekisho-test-XXXXXX", base);
    *state = scratch;
    return mkdtemp(scratch->root) ? 0 : -1;
}

static inline int scratch_remove(const char *path, const struct stat *status, int kind,
                                 struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline int scratch_teardown(void **state)
{
    struct scratch *scratch = *state;
    nftw(scratch->root, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    for (unsigned i = 0; i < 16; i++)
        free(scratch->paths[i]);
    free(scratch);
    return 0;
}

static inline const char *scratch_root(void *state)
{
    return ((struct scratch *)state)->root;
}

/* A path below the test's directory; good until sixteen more were asked for. */
static inline const char *scratch_path(void *state, const char *name)
{
    struct scratch *scratch = state;
    char **path = &scratch->paths[scratch->next++ % 16];
    free(*path);
    return asprintf(path, "%s/%s", scratch->root, name) < 0 ? NULL : *path;
}

#define scratch_unit_test(function)                                                                \
    cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)

#endif
