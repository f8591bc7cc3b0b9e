/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader. It runs in a fresh sandboxed worker on what the first worker wrote, shares no
 * code with the writers (nothing from disarm/format but the table of names), and refuses whatever
 * is not on the format's allow-list. It accepts only the narrow form that our own writers make.
 */
#ifndef DISARM_VERIFY_VERIFY_H
#define DISARM_VERIFY_VERIFY_H

#include "base/bytes.h"
#include "base/error.h"
#include "disarm/disarm.h"

struct verify_job {
    const struct disarm_limits *limits;
    const char *password;    /* for output that was closed again, else NULL */
    uint64_t unpacked_bytes; /* counted over nested files */
    uint64_t depth;
};

/* Verifies a nested file of the named format: finds its verifier, counts depth. 0 or -1. */
int verify_nested(struct verify_job *job, const char *format_name, struct bytes file,
                  struct error *error);

#endif
