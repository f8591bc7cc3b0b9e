/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads that save results while the pool goes on: waiting for the disk must not keep workers
 * waiting, and syncs that run together cost the disk less.
 */
#ifndef COMMAND_DISARM_SAVER_H
#define COMMAND_DISARM_SAVER_H

#include "disarm/disarm.h"

struct saver;

/* Called in one of the threads, for one result at a time in each; owns the result. */
typedef void saver_work(void *context, struct disarm_result *result);

/* Starts the threads. Never NULL: without threads the process ends. */
struct saver *saver_start(saver_work *work, void *context);

/* Hands a result over; waits while too many are waiting already. */
void saver_put(struct saver *saver, struct disarm_result *result);

/* Waits until everything was worked on, ends the threads, frees the saver. */
void saver_finish(struct saver *saver);

#endif
