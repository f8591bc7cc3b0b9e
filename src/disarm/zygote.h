/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The zygote: a process with every library loaded and every table read, that forks one sandboxed
 * worker per task. It never reads a byte of a file itself.
 *
 * It is the running program started anew with an empty environment (so that nothing of the caller's
 * memory is in it), inside namespaces of its own, as process 1 of them.
 */
#ifndef DISARM_ZYGOTE_H
#define DISARM_ZYGOTE_H

#include "disarm/worker.h"

/* The descriptor on which a zygote finds its socket. */
#define ZYGOTE_SOCKET 3

/* The name, as first argument, under which a program is started as a zygote. */
#define ZYGOTE_NAME "sekisho-zygote"

/* Set in the environment of a zygote that is to load no renderer: its workers are all shut off from
 * every file, and one that finds that it needs a renderer ends with WORKER_NEEDS_RENDERER. */
#define ZYGOTE_LEAN "SEKISHO_ZYGOTE_LEAN"

/*
 * Warms up, isolates itself and serves tasks until the socket closes. Returns the exit status of
 * the process. Reports why it could not start in a first frame.
 */
int zygote_run(worker_body *body);

#endif
