/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mover: takes accepted transfers through antivirus, disarming and antivirus again, to the
 * approver or the inbox; ends what is too old, and removes the files that nobody needs any more.
 *
 * It waits for nobody: while the scanner looks at some files and the pool works on others, it goes
 * on with all the rest. Claimed at one time are as many transfers as there are workers, and as many
 * and four more on conduits with antivirus, so that a scanner that is slow or hangs holds up only
 * what is for it. Files in memory are bounded: per worker two without antivirus; with it one, and
 * four more.
 *
 * One mover per organization works at a time (it holds mover.lock in the directory); it claims a
 * transfer with a lease, and every result is stored only while that lease is still its own. Killed
 * anywhere, the next mover begins that transfer's work anew; nothing is lost and nothing comes
 * twice. A transfer that kills its mover GATE_ATTEMPTS times is refused.
 *
 * When a conduit demands antivirus and the scanner is away, its transfers wait with the reason
 * gate_scanner_away; with gate_disk_full or another store error they wait likewise, and are tried
 * again.
 *
 * Codes: gate_mover_running (another one holds the lock) and those of the store and the pool.
 */
#ifndef GATE_MOVER_H
#define GATE_MOVER_H

#include "gate/transfers.h"

#define GATE_ATTEMPTS 5

/* Where passwords come from: the web process of one zone. */
struct gate_inlet {
    int socket;                /* SOCK_SEQPACKET; borrowed */
    char zone[GATE_ZONE_SIZE]; /* it speaks for senders of this zone only */
};

struct gate_mover_options {
    const char *directory;    /* of the organization */
    const char *scanner;      /* clamd: path of its socket, or "127.0.0.1:3310"; NULL: none */
    int64_t scanner_patience; /* milliseconds for one file with it; 0: 30 000 */
    unsigned workers;         /* of the disarm pool; 0: one per processor */
    uint64_t worker_patience; /* milliseconds for a worker with one file; 0: the usual limit */
    int64_t retry;            /* microseconds until what waits is tried again; 0: 15 s */
    const struct gate_inlet *inlets; /* for passwords; borrowed while the mover is there */
    size_t inlet_count;
    bool locked_in; /* the caller enters a sandbox after the start: a pool that is lost ends the
                       mover instead of being started again */
};

struct gate_mover;

/* Starts a mover: its own connection to the store, its pool. The caller stops it. */
int gate_mover_start(const struct gate_mover_options *options, struct gate_mover **mover,
                     struct error *error);

/* Stops it; what is under way is given back to the queue. NULL does nothing. */
void gate_mover_stop(struct gate_mover *mover);

/*
 * Does what there is to do now; with `wait` and nothing to do, waits until the scanner or the pool
 * has gone on with what is under way. 1: did something (call again at once), 0: nothing to do now (call again after
 * gate_mover_wait), -1: the store cannot be used, and what was under way is tried again by a later
 * step; or, with locked_in, sandbox_failed: the pool is lost, stop the mover and start another one.
 */
int gate_mover_step(struct gate_mover *mover, int64_t now, bool wait, struct error *error);

/* Waits until there is something for a step, one of `others` can be read, or milliseconds are
 * over. */
void gate_mover_wait(const struct gate_mover *mover, const int *others, size_t count,
                     int milliseconds);

/* Whether transfers have waited for more than a minute and none is worked on: no mover is at work. */
int gate_mover_behind(struct store *store, int64_t now, bool *behind, struct error *error);

/*
 * In a web process: hands a password for a held file to the mover over the other end of its inlet
 * (which must not block: ipc_failed when the mover takes nothing), after checking that the
 * session's person is the sender, from the source, and the file is held. It stands in memory only,
 * never in a file; gone with the mover, it is asked for again. Journal (by the mover):
 * transfer.password, without the password.
 */
int gate_password_send(struct store *store, const struct identity_session *session, int socket,
                       int64_t transfer, int64_t item, const char *password, struct error *error);

#endif
