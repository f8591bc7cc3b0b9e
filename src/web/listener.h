/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accepts the connections of a listening socket and deals them out to daemons of libmicrohttpd,
 * each of which answers in one thread: the pool of libmicrohttpd takes them as its threads happen to
 * wake, and a page that comes from a crowded thread is late while others are idle.
 */
#ifndef WEB_LISTENER_H
#define WEB_LISTENER_H

#include <microhttpd.h>

#include "web/connections.h"

struct listener;

/* Begins to accept; daemons[n] is thread n of the connections. Everything is borrowed until
 * listener_stop. NULL: no thread could be started. It also ends by itself when the listening socket
 * is shut down. */
struct listener *listener_start(int socket, struct MHD_Daemon *const *daemons,
                                struct connections *connections);

/* Ends accepting; the listening socket stays open. NULL does nothing. */
void listener_stop(struct listener *listener);

#endif
