/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of the connections by socket, and a thread that ends those that are overdue. */
#include "web/connections.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

struct connection {
    struct in6_addr address;
    unsigned thread; /* its number and one; 0: there is no connection with this socket */
    time_t since;    /* seconds of the monotonic clock; 0: not waited for */
};

struct connections {
    pthread_mutex_t lock;
    pthread_cond_t ending;
    pthread_t watching;
    struct connections_limits limits;
    struct connection *table; /* by socket */
    size_t length;
    unsigned open;
    unsigned *of_thread; /* how many each thread has */
    int freed;
    bool full, ends;
};

static time_t now(void)
{
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec + 1; /* never 0 */
}

/* ---- watching ---- */

/* The lock keeps sockets open: a number that was closed may be another connection's already. */
static void end_overdue(struct connections *all)
{
    time_t latest = now() - all->limits.head_seconds;
    for (size_t i = 0; i < all->length; i++) {
        struct connection *at = &all->table[i];
        if (at->thread && at->since && at->since < latest) {
            shutdown((int)i, SHUT_RDWR);
            at->since = 0;
        }
    }
}

static void *watch(void *context)
{
    struct connections *all = context;
    struct timespec until;
    pthread_mutex_lock(&all->lock);
    while (!all->ends) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&all->ending, &all->lock, &until);
        end_overdue(all);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

/* ---- beginning and end ---- */

static void free_all(struct connections *all)
{
    if (all->freed >= 0)
        close(all->freed);
    pthread_cond_destroy(&all->ending);
    pthread_mutex_destroy(&all->lock);
    free(all->table);
    free(all->of_thread);
    free(all);
}

struct connections *connections_make(const struct connections_limits *limits)
{
    struct connections *all = memory_allocate(1, sizeof *all);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->ending, &monotonic);
    pthread_condattr_destroy(&monotonic);
    all->limits = *limits;
    all->of_thread = memory_allocate(limits->threads, sizeof *all->of_thread);
    all->freed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (all->freed >= 0 && pthread_create(&all->watching, NULL, watch, all) == 0)
        return all;
    free_all(all);
    return NULL;
}

void connections_free(struct connections *all)
{
    if (!all)
        return;
    pthread_mutex_lock(&all->lock);
    all->ends = true;
    pthread_cond_signal(&all->ending);
    pthread_mutex_unlock(&all->lock);
    pthread_join(all->watching, NULL);
    free_all(all);
}

/* ---- coming and going; the caller holds the lock ---- */

static unsigned count_of_address(const struct connections *all, const struct in6_addr *address)
{
    unsigned count = 0;
    for (size_t i = 0; i < all->length; i++)
        count +=
            all->table[i].thread && memcmp(&all->table[i].address, address, sizeof *address) == 0;
    return count;
}

static unsigned thread_with_fewest(const struct connections *all)
{
    unsigned chosen = 0;
    for (unsigned i = 1; i < all->limits.threads; i++)
        if (all->of_thread[i] < all->of_thread[chosen])
            chosen = i;
    return chosen;
}

static struct connection *place_of(struct connections *all, int socket)
{
    size_t needed = (size_t)socket + 1;
    if (needed > all->length) {
        all->table = memory_resize(all->table, needed, sizeof *all->table);
        memset(all->table + all->length, 0, (needed - all->length) * sizeof *all->table);
        all->length = needed;
    }
    return &all->table[socket];
}

static void forget(struct connections *all, struct connection *connection)
{
    if (!connection->thread)
        return;
    all->of_thread[connection->thread - 1]--;
    all->open--;
    *connection = (struct connection){0};
    if (all->full)
        eventfd_write(all->freed, 1);
}

int connections_open(struct connections *all, int socket, const struct in6_addr *address)
{
    int thread = -1;
    pthread_mutex_lock(&all->lock);
    struct connection *connection = place_of(all, socket);
    forget(all, connection); /* closed by the library without a word */
    if (count_of_address(all, address) < all->limits.most_of_one) {
        thread = (int)thread_with_fewest(all);
        *connection = (struct connection){*address, (unsigned)thread + 1, now()};
        all->of_thread[thread]++;
        all->open++;
    }
    pthread_mutex_unlock(&all->lock);
    return thread;
}

void connections_close(struct connections *all, int socket)
{
    pthread_mutex_lock(&all->lock);
    forget(all, place_of(all, socket));
    pthread_mutex_unlock(&all->lock);
}

bool connections_full(struct connections *all)
{
    eventfd_t ignored;
    pthread_mutex_lock(&all->lock);
    bool full = all->full = all->open >= all->limits.most;
    if (full)
        (void)eventfd_read(all->freed, &ignored);
    pthread_mutex_unlock(&all->lock);
    return full;
}

int connections_freed(const struct connections *all)
{
    return all->freed;
}

void connections_await_head(struct connections *all, int socket, bool waiting)
{
    pthread_mutex_lock(&all->lock);
    place_of(all, socket)->since = waiting ? now() : 0;
    pthread_mutex_unlock(&all->lock);
}
