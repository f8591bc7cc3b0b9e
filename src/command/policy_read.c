/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files → text in the sandbox → compiled policies. */
#include "command/policy_read.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "disarm/disarm.h"
#include "disarm/receipt.h"

/* Everything from a descriptor's position on. */
static int read_rest(int descriptor, struct buffer *into)
{
    for (;;) {
        buffer_reserve(into, 1 << 16);
        ssize_t got = read(descriptor, into->data + into->length, 1 << 16);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return (int)got;
        into->length += (size_t)got;
    }
}

/* Compiles what the pool made of a file. */
static struct policy *compile_result(const struct disarm_result *result, const char *path,
                                     struct error *error)
{
    if (result->output < 0) {
        *error = result->receipt->reason;
        return NULL;
    }
    AUTO_BUFFER text = {0};
    if (read_rest(result->output, &text)) {
        error_set_errno(error, "input_unreadable", path);
        return NULL;
    }
    return policy_compile(buffer_bytes(&text), error);
}

static void submit(struct disarm_pool *pool, const char *path, void *context)
{
    struct disarm_options options = disarm_default_options;
    options.treatment = DISARM_TEXT;
    options.text_to_utf8 = true;
    int input = open(path, O_RDONLY | O_CLOEXEC);
    disarm_pool_submit(pool, input, path, &options, context);
    if (input >= 0)
        close(input);
}

/* Takes the results as they come; the context of each is where its policy goes. */
static void collect(struct disarm_pool *pool, const char *const *paths, struct policy **policies,
                    const char **failed, struct error *error)
{
    for (struct disarm_result *result; (result = disarm_pool_next(pool, true));) {
        struct policy **place = result->context;
        const char *path = paths[place - policies];
        struct error here = {0};
        *place = compile_result(result, path, &here);
        disarm_result_free(result);
        if (!*place && !*failed) {
            *error = here;
            *failed = path;
        }
    }
}

int policy_read_files(const char *const *paths, size_t count, struct policy **policies,
                      const char **failed, struct error *error)
{
    *failed = NULL;
    const struct disarm_pool_options pool_options = {.lean = true};
    struct disarm_pool *pool = disarm_pool_start(&pool_options, error);
    if (!pool)
        return -1;
    for (size_t i = 0; i < count; i++) {
        policies[i] = NULL;
        submit(pool, paths[i], &policies[i]);
    }
    collect(pool, paths, policies, failed, error);
    disarm_pool_stop(pool);
    for (size_t i = 0; *failed && i < count; i++) {
        policy_free(policies[i]);
        policies[i] = NULL;
    }
    return *failed ? -1 : 0;
}
