/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bucket of requests for each slot, refilled with time. */
#include "web/flood.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"

enum { SLOTS = 4096 };

struct slot {
    int64_t spent_until; /* the moment at which everything that was used is refilled */
};

struct flood {
    pthread_mutex_t lock;
    int64_t interval; /* microseconds that one request costs */
    int64_t burst;    /* microseconds that can be owed */
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct slot slots[SLOTS];
};

struct flood *flood_make(unsigned per_second, unsigned burst)
{
    struct flood *flood = memory_allocate(1, sizeof *flood);
    pthread_mutex_init(&flood->lock, NULL);
    flood->interval = TIME_SECOND / (per_second ? per_second : 1);
    flood->burst = flood->interval * burst;
    randombytes_buf(flood->key, sizeof flood->key);
    return flood;
}

void flood_free(struct flood *flood)
{
    if (!flood)
        return;
    pthread_mutex_destroy(&flood->lock);
    free(flood);
}

bool flood_allow(struct flood *flood, struct bytes address, int64_t now)
{
    uint8_t hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, address.data, address.length, flood->key);
    struct slot *slot = &flood->slots[(hash[0] | hash[1] << 8) % SLOTS];
    pthread_mutex_lock(&flood->lock);
    int64_t start = slot->spent_until > now ? slot->spent_until : now;
    bool allowed = start + flood->interval <= now + flood->burst;
    if (allowed)
        slot->spent_until = start + flood->interval;
    pthread_mutex_unlock(&flood->lock);
    return allowed;
}
