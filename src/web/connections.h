/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The open connections of one zone: how many there may be, who answers each, and which is too slow.
 *
 * A connection belongs to the answering thread that has the fewest. One whose next request does not
 * get to the end of its head in time is ended, however lively it trickles: libmicrohttpd itself only
 * limits the time without a byte. A connection is waited for from its beginning (TLS included) until
 * a whole head is there, and again from the end of an answer; a thread looks every second.
 *
 * A connection is known by its socket, which stays open from connections_open to connections_close.
 * Threads may use one at the same time.
 */
#ifndef WEB_CONNECTIONS_H
#define WEB_CONNECTIONS_H

#include <netinet/in.h>
#include <stdbool.h>

struct connections;

struct connections_limits {
    unsigned most;         /* connections at one time */
    unsigned most_of_one;  /* of them, from one address */
    unsigned head_seconds; /* for the head of a request */
    unsigned threads;      /* that answer, 1 or more */
};

/* NULL: no thread could be started. The caller frees it with connections_free, after the last
 * connection is gone. */
struct connections *connections_make(const struct connections_limits *limits);
void connections_free(struct connections *connections);

/* A connection came; IPv4 addresses as IPv4-mapped ones (RFC 4291, 2.5.5.2). The number of the
 * thread that is to answer it, or -1: its address has too many. */
int connections_open(struct connections *connections, int socket, const struct in6_addr *address);
void connections_close(struct connections *connections, int socket);

/* True: one more is not to be accepted before connections_freed can be read; a call that says true
 * takes what could be read before. */
bool connections_full(struct connections *connections);

/* An eventfd(2), borrowed. */
int connections_freed(const struct connections *connections);

/* true: the next head is waited for, from now on; false: it is there. */
void connections_await_head(struct connections *connections, int socket, bool waiting);

#endif
