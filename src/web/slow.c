/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of the connections, and a thread that ends those that are overdue. */
#include "web/slow.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/memory.h"

struct slow_connection {
    struct slow_connection *next, **place; /* in the list: what points here */
    int socket;
    time_t since; /* seconds of the monotonic clock; 0: not waited for */
};

struct slow {
    pthread_mutex_t lock;
    pthread_cond_t ending;
    pthread_t thread;
    struct slow_connection *first;
    time_t seconds;
    bool ends;
};

static time_t now(void)
{
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec + 1; /* never 0 */
}

/* The lock keeps sockets open: a number that was closed may be another connection's already. */
static void end_overdue(struct slow *slow)
{
    time_t latest = now() - slow->seconds;
    for (struct slow_connection *at = slow->first; at; at = at->next)
        if (at->since && at->since < latest) {
            shutdown(at->socket, SHUT_RDWR);
            at->since = 0;
        }
}

static void *watch(void *context)
{
    struct slow *slow = context;
    struct timespec until;
    pthread_mutex_lock(&slow->lock);
    while (!slow->ends) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&slow->ending, &slow->lock, &until);
        end_overdue(slow);
    }
    pthread_mutex_unlock(&slow->lock);
    return NULL;
}

struct slow *slow_make(unsigned seconds)
{
    struct slow *slow = memory_allocate(1, sizeof *slow);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&slow->lock, NULL);
    pthread_cond_init(&slow->ending, &monotonic);
    pthread_condattr_destroy(&monotonic);
    slow->seconds = seconds;
    if (pthread_create(&slow->thread, NULL, watch, slow) == 0)
        return slow;
    pthread_cond_destroy(&slow->ending);
    pthread_mutex_destroy(&slow->lock);
    free(slow);
    return NULL;
}

void slow_free(struct slow *slow)
{
    if (!slow)
        return;
    pthread_mutex_lock(&slow->lock);
    slow->ends = true;
    pthread_cond_signal(&slow->ending);
    pthread_mutex_unlock(&slow->lock);
    pthread_join(slow->thread, NULL);
    pthread_cond_destroy(&slow->ending);
    pthread_mutex_destroy(&slow->lock);
    free(slow);
}

struct slow_connection *slow_open(struct slow *slow, int socket)
{
    struct slow_connection *connection = memory_allocate(1, sizeof *connection);
    connection->socket = socket;
    connection->since = now();
    pthread_mutex_lock(&slow->lock);
    connection->next = slow->first;
    connection->place = &slow->first;
    if (slow->first)
        slow->first->place = &connection->next;
    slow->first = connection;
    pthread_mutex_unlock(&slow->lock);
    return connection;
}

void slow_close(struct slow *slow, struct slow_connection *connection)
{
    pthread_mutex_lock(&slow->lock);
    *connection->place = connection->next;
    if (connection->next)
        connection->next->place = connection->place;
    pthread_mutex_unlock(&slow->lock);
    free(connection);
}

void slow_wait(struct slow *slow, struct slow_connection *connection, bool waiting)
{
    pthread_mutex_lock(&slow->lock);
    connection->since = waiting ? now() : 0;
    pthread_mutex_unlock(&slow->lock);
}
