/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command lines of `sekisho init`, `backup` and `restore` ask for. */
#ifndef COMMAND_STORE_OPTIONS_H
#define COMMAND_STORE_OPTIONS_H

#include "command/command.h"
#include "store/backup.h"

struct store_request {
    const char *command; /* init, backup or restore */
    enum language language;
    bool help, json, with_keys, without_blob_key;
    const char *paths[2]; /* what stands behind the options */
    int path_count;
    const char *name, *origin, *policy, *to, *set, *blob_key;
};

/*
 * Reads the arguments; exactly `paths` words must stand beside the options. The exit status to end
 * with, or -1 to go on: help was asked for and given, or a mistake was said.
 */
int store_request_parse(int argc, char **argv, int paths, struct store_request *request);

/* Writes what is wrong with the command line and how it is used; COMMAND_USAGE. */
int store_request_complain(const struct store_request *request, const char *key, const char *word);

/* Says the result of a backup or a restoring, as a sentence (message `key`) or as JSON. */
void store_request_report(const struct store_request *request, const char *key, const char *place,
                          const struct store_backup_report *report);

#endif
