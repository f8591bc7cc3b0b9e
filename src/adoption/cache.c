/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last few compiled policies of this process, shared by its threads.
 *
 * A compiled policy is never changed, so that many threads read it at once; only the table is
 * guarded. The least recently used one that nobody holds makes room. When all are held, the table
 * grows by none: the policy is compiled for that caller alone and freed when it comes back.
 */
#include <pthread.h>
#include <string.h>

#include "adoption/internal.h"

enum { KEPT = 6 };

static struct {
    pthread_mutex_t lock;
    uint64_t clock;
    struct entry {
        char digest[ADOPTION_DIGEST_SIZE];
        struct policy *policy; /* NULL: free */
        unsigned holders;
        uint64_t used; /* clock of the last borrowing */
    } entries[KEPT];
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* With the lock held: the policy with this digest, held once more, or NULL. */
static const struct policy *find_held(const char *digest)
{
    for (size_t i = 0; i < KEPT; i++) {
        struct entry *entry = &cache.entries[i];
        if (!entry->policy || strcmp(entry->digest, digest) != 0)
            continue;
        entry->holders++;
        entry->used = ++cache.clock;
        return entry->policy;
    }
    return NULL;
}

/* With the lock held: keeps a policy that was just compiled, if there is room. */
static const struct policy *keep(const char *digest, struct policy *policy)
{
    const struct policy *present = find_held(digest);
    if (present) { /* another thread was faster */
        policy_free(policy);
        return present;
    }
    struct entry *oldest = NULL;
    for (size_t i = 0; i < KEPT; i++) {
        struct entry *entry = &cache.entries[i];
        if (entry->holders == 0 && (!oldest || entry->used < oldest->used))
            oldest = entry;
    }
    if (!oldest)
        return policy;
    policy_free(oldest->policy);
    *oldest = (struct entry){.policy = policy, .holders = 1, .used = ++cache.clock};
    utf8_copy(oldest->digest, sizeof oldest->digest, digest);
    return policy;
}

void adoption_policy_keep(const char *text_digest, struct policy *policy)
{
    pthread_mutex_lock(&cache.lock);
    const struct policy *kept = keep(text_digest, policy);
    pthread_mutex_unlock(&cache.lock);
    adoption_policy_return(kept);
}

static int read_digest(struct store *store, int64_t version, char digest[ADOPTION_DIGEST_SIZE],
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_POLICY_DIGEST, STORE_VALUES(store_integer(version)), &rows,
                    error) != 0 ||
        adoption_need_row(rows, version, error) != 0)
        return -1;
    utf8_copy(digest, ADOPTION_DIGEST_SIZE, store_rows_text(rows, 0));
    return 0;
}

const struct policy *adoption_policy_borrow(struct store *store, int64_t version,
                                            struct error *error)
{
    char digest[ADOPTION_DIGEST_SIZE];
    if (read_digest(store, version, digest, error) != 0)
        return NULL;
    pthread_mutex_lock(&cache.lock);
    const struct policy *found = find_held(digest);
    pthread_mutex_unlock(&cache.lock);
    if (found)
        return found;
    AUTO_BUFFER text = {0};
    if (adoption_text(store, version, &text, error) != 0)
        return NULL;
    struct policy *compiled = policy_compile(buffer_bytes(&text), error);
    if (!compiled)
        return NULL;
    pthread_mutex_lock(&cache.lock);
    found = keep(digest, compiled);
    pthread_mutex_unlock(&cache.lock);
    return found;
}

void adoption_policy_return(const struct policy *policy)
{
    bool kept = !policy;
    pthread_mutex_lock(&cache.lock);
    for (size_t i = 0; !kept && i < KEPT; i++)
        if (cache.entries[i].policy == policy) {
            cache.entries[i].holders--;
            kept = true;
        }
    pthread_mutex_unlock(&cache.lock);
    if (!kept)
        policy_free((struct policy *)(uintptr_t)policy);
}
