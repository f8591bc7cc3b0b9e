/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections whose next request does not get to the end of its head in time are ended, however
 * lively they trickle: libmicrohttpd itself only limits the time without a byte.
 *
 * A connection is waited for from its beginning (TLS included) until a whole head is there, and
 * again from the end of an answer. A thread looks every second. Threads may use one at the same
 * time.
 */
#ifndef WEB_SLOW_H
#define WEB_SLOW_H

#include <stdbool.h>

struct slow;
struct slow_connection;

/* Ends what needs more than so many seconds for a head. NULL: no thread could be started. The
 * caller frees it with slow_free, after the last connection is gone. */
struct slow *slow_make(unsigned seconds);
void slow_free(struct slow *slow);

/* A connection came or goes; its socket stays open in between. */
struct slow_connection *slow_open(struct slow *slow, int socket);
void slow_close(struct slow *slow, struct slow_connection *connection);

/* true: the next head is waited for, from now on; false: it is there. */
void slow_wait(struct slow *slow, struct slow_connection *connection, bool waiting);

#endif
