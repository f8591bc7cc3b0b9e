/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the store share: an organization in the test's own directory. */
#ifndef TEST_STORE_FIXTURE_H
#define TEST_STORE_FIXTURE_H

#include "test.h"

#include "base/error.h"
#include "base/file.h"
#include "scratch.h"
#include "store/blob.h"
#include "store/store.h"

#define expect_ok(call, error)                                                                     \
    do {                                                                                           \
        (error)->code = NULL;                                                                      \
        if ((call) != 0)                                                                           \
            fail_msg("%s: %s %s %s", #call, (error)->code, (error)->where, (error)->detail);       \
    } while (0)

#define expect_code(call, error, wanted)                                                           \
    do {                                                                                           \
        (error)->code = "";                                                                        \
        assert_int_equal((call), -1);                                                              \
        assert_string_equal((error)->code, wanted);                                                \
    } while (0)

/* An empty database with a blob key beside it, opened; the caller closes it. */
static inline struct store *fixture_store(void *state)
{
    struct store *store = NULL;
    struct error error = {0};
    expect_ok(file_make_directory(scratch_path(state, "keys"), &error), &error);
    expect_ok(store_blob_create_key(scratch_root(state), &error), &error);
    expect_ok(store_create(scratch_root(state), &error), &error);
    expect_ok(store_open(scratch_root(state), &store, &error), &error);
    return store;
}

#endif
