/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line of `sekisho journal` asks for. */
#ifndef COMMAND_JOURNAL_OPTIONS_H
#define COMMAND_JOURNAL_OPTIONS_H

#include "base/message.h"
#include "journal/audit.h"

struct journal_request {
    enum language language;
    bool help, json, any_entries, has_key;
    const char *paths[2]; /* what stands behind the options: directory, entry */
    int path_count;
    struct note_verifier key;
    struct note_verifier *witnesses; /* of journal_request_clear */
    size_t witness_count;
    size_t quorum;
    struct buffer since; /* bytes of a kept checkpoint */
    int64_t from, until; /* microseconds since 1970; entries of from ≤ time < until are shown */
    const char *actor, *action, *object; /* what the entry must contain there */
    const char *to, *output;
    uint64_t limit; /* entries shown at most; 0: all */
};

/* Reads the arguments behind the name of the action. 0, or -1 after saying what is wrong. */
int journal_request_parse(int argc, char **argv, struct journal_request *request);
void journal_request_clear(struct journal_request *request);

/* Writes what is wrong with the command line; returns -1. */
int journal_request_complain(const struct journal_request *request, const char *key,
                             const char *word);

/* The actions; each gives an exit status. */
int journal_verify(const struct journal_request *request);
int journal_show(const struct journal_request *request);
int journal_prove(const struct journal_request *request);
int journal_check(const struct journal_request *request);
int journal_export(const struct journal_request *request);
int journal_print_checkpoint(const struct journal_request *request);

#endif
