/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking clamd about a stream of bytes (its command INSTREAM, clamd(8)).
 *
 * Errors: gate_scanner_away (cannot be reached, or did not answer in time), gate_scanner_failed (it
 * answered that it could not scan: {detail}).
 */
#ifndef GATE_CLAMD_H
#define GATE_CLAMD_H

#include <stdbool.h>

#include "base/bytes.h"

struct error;

struct clamd_scan {
    int socket;       /* -1: not open */
    int64_t deadline; /* milliseconds of the monotonic clock */
    const char *address;
    bool timed_out; /* it ended since the time was over */
};

/* Connects to "/path/of/socket" or "127.0.0.1:3310" (loopback only) and begins a stream; the whole
 * exchange may take patience milliseconds. Ended by clamd_finish or clamd_close. */
int clamd_begin(const char *address, int64_t patience, struct clamd_scan *scan,
                struct error *error);

/* Sends content. */
int clamd_send(struct clamd_scan *scan, struct bytes content, struct error *error);

/* Ends the stream and takes the answer: 0 nothing found, 1 found (its name goes into found), -1
 * error. Closes the connection. */
int clamd_finish(struct clamd_scan *scan, char *found, size_t size, struct error *error);

/* Closes the connection, if there is one. */
void clamd_close(struct clamd_scan *scan);

#endif
