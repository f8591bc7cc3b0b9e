/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool's end of a zygote: starting the process, its socket, ending it. */
#ifndef DISARM_ZYGOTE_LINK_H
#define DISARM_ZYGOTE_LINK_H

#include <sys/types.h>

#include "disarm/task.h"

struct zygote_link {
    pid_t process; /* 0: none */
    int handle;    /* descriptor of the process, by which it can be ended from a sandbox; -1 */
    int socket;    /* -1: none */
};

/* Starts `program` as a zygote and waits until it is ready; lean: one that cannot render. 0, or -1
 * with the reason. */
int zygote_link_start(struct zygote_link *link, const char *program, bool lean,
                      struct error *error);

/* Sends a task with its descriptors. 0, or -1: the zygote is gone. */
int zygote_link_send(const struct zygote_link *link, const struct task *task,
                     const int descriptors[static TASK_DESCRIPTORS], struct error *error);

/* Kills the zygote, and with it every worker; collects it. Does nothing when there is none. */
void zygote_link_stop(struct zygote_link *link);

#endif
