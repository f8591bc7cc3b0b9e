/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking clamd about the bytes of a file (its command INSTREAM, clamd(8)) without ever waiting for
 * it: who asks polls what clamd_watch names, and lets the exchange go on when it is ready or its
 * time is over.
 */
#ifndef GATE_CLAMD_H
#define GATE_CLAMD_H

#include <stdbool.h>
#include <stdint.h>

struct pollfd;

enum clamd_answer {
    CLAMD_NONE,   /* yet */
    CLAMD_CLEAN,  /* it looked at the whole file */
    CLAMD_FOUND,  /* something whose name clamd_found says */
    CLAMD_FAILED, /* it answered that it could not scan, or with something else */
    CLAMD_AWAY,   /* it cannot be reached, hung up, or did not answer in time */
};

/* One exchange. */
struct clamd;

/* Connects to "/path/of/socket" or "127.0.0.1:3310" (loopback only); the whole exchange may take
 * patience milliseconds from now on. Never NULL; what fails is an answer. Ended by clamd_end. */
struct clamd *clamd_begin(const char *address, int64_t patience);

/* The file to send, from its start to its end, whatever its position; borrowed until the end. */
void clamd_give(struct clamd *exchange, int file);

/* Sends and reads what can be sent and read now, a few megabytes at most; the answer so far. */
enum clamd_answer clamd_go_on(struct clamd *exchange);

/* What to poll for. Returns the milliseconds until the time is over, 0: it is. */
int clamd_watch(const struct clamd *exchange, struct pollfd *watched);

/* With CLAMD_FOUND, what it found; else "". Good until the end. */
const char *clamd_found(const struct clamd *exchange);

/* With CLAMD_AWAY, whether the time was over. */
bool clamd_timed_out(const struct clamd *exchange);

/* Hangs up and frees it. NULL does nothing. */
void clamd_end(struct clamd *exchange);

#endif
