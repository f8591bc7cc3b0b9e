/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking witnesses over HTTP (C2SP tlog-witness), for the sealer's `ask`. */
#ifndef COMMAND_WITNESS_CLIENT_H
#define COMMAND_WITNESS_CLIENT_H

#include "journal/sealer.h"

struct witness_client {
    const char *const *prefixes; /* submission prefix of each witness, without a final slash */
    long timeout;                /* milliseconds for all of them together */
};

/*
 * Sends all questions at the same time and fills in the answers that come within the timeout.
 * context is a struct witness_client. curl_global_init must have been called.
 */
void witness_client_ask(void *context, struct sealer_question *questions, size_t count);

#endif
