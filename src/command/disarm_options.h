/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line of `sekisho disarm` asks for. */
#ifndef COMMAND_DISARM_OPTIONS_H
#define COMMAND_DISARM_OPTIONS_H

#include "base/message.h"
#include "disarm/disarm.h"

enum disarm_action {
    ACTION_DISARM,
    ACTION_FORMATS,
    ACTION_HELP,
};

struct disarm_request {
    enum disarm_action action;
    enum language language;
    struct disarm_options options; /* password points into password */
    struct buffer password;        /* wiped and freed by disarm_request_clear */
    const char *file;              /* -o */
    const char *folder;            /* --out-dir */
    bool force, json, quiet;
    unsigned jobs;      /* 0: one per processor */
    char *const *paths; /* of argv */
    int path_count;
};

/* Reads the arguments. 0, or -1 after writing to standard error what is wrong. */
int disarm_request_parse(int argc, char **argv, struct disarm_request *request);

void disarm_request_clear(struct disarm_request *request);

#endif
