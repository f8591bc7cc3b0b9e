/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread that accepts. */
#include "web/listener.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"

enum { PAUSE_MS = 100 }; /* after the kernel had no descriptor or memory for one more */

struct listener {
    pthread_t thread;
    int socket;
    int ending; /* eventfd */
    struct MHD_Daemon *const *daemons;
    struct connections *connections;
};

/* IPv4 addresses as IPv4-mapped ones. */
static struct in6_addr address_of(const struct sockaddr_storage *from)
{
    struct in6_addr address = IN6ADDR_ANY_INIT;
    if (from->ss_family == AF_INET6)
        return ((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    memset(address.s6_addr + 10, 0xff, 2);
    memcpy(address.s6_addr + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    return address;
}

static void deal(struct listener *listener, int socket, const struct sockaddr_storage *from,
                 socklen_t length)
{
    struct in6_addr address = address_of(from);
    int thread = connections_open(listener->connections, socket, &address);
    if (thread < 0)
        close(socket);
    else if (MHD_add_connection(listener->daemons[thread], socket, (const void *)from, length) !=
             MHD_YES)
        connections_close(listener->connections, socket); /* the library closed the socket */
}

/* Accepts one; false: the listening socket is shut down. */
static bool accept_one(struct listener *listener)
{
    struct sockaddr_storage from = {0};
    socklen_t length = sizeof from;
    int socket = accept4(listener->socket, (void *)&from, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket >= 0) {
        deal(listener, socket, &from, length);
        return true;
    }
    int reason = errno;
    if (reason == EMFILE || reason == ENFILE || reason == ENOBUFS || reason == ENOMEM)
        poll(&(struct pollfd){.fd = listener->ending, .events = POLLIN}, 1, PAUSE_MS);
    return reason != EINVAL;
}

static void *run(void *context)
{
    struct listener *listener = context;
    for (;;) {
        bool full = connections_full(listener->connections);
        struct pollfd ready[] = {
            {.fd = listener->ending, .events = POLLIN},
            {.fd = full ? connections_freed(listener->connections) : listener->socket,
             .events = POLLIN},
        };
        if (poll(ready, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (ready[0].revents || (!full && ready[1].revents && !accept_one(listener)))
            return NULL;
    }
}

struct listener *listener_start(int socket, struct MHD_Daemon *const *daemons,
                                struct connections *connections)
{
    struct listener *listener = memory_allocate(1, sizeof *listener);
    *listener = (struct listener){.socket = socket,
                                  .ending = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
                                  .daemons = daemons,
                                  .connections = connections};
    if (listener->ending >= 0 && pthread_create(&listener->thread, NULL, run, listener) == 0)
        return listener;
    if (listener->ending >= 0)
        close(listener->ending);
    free(listener);
    return NULL;
}

void listener_stop(struct listener *listener)
{
    if (!listener)
        return;
    eventfd_write(listener->ending, 1);
    pthread_join(listener->thread, NULL);
    close(listener->ending);
    free(listener);
}
