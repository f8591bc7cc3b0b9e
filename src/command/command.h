/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every subcommand of `sekisho` shares: its shape, exit statuses, language, plain output. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stdio.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/message.h"

enum command_status {
    COMMAND_DONE = 0,
    COMMAND_REFUSED = 1, /* something was refused, the rest is done */
    COMMAND_USAGE = 2,   /* it was called in a way that it does not understand */
    COMMAND_FAILED = 3,  /* the system failed: sandbox, disk, memory */
};

/* A subcommand: argv[0] is its own name. Returns the exit status. */
typedef int command_function(int argc, char **argv);

command_function command_backup;
command_function command_disarm;
command_function command_init;
command_function command_journal;
command_function command_policy;
command_function command_restore;
command_function command_serve;
command_function command_user;
command_function command_witness;

/* The language of LC_ALL, LC_MESSAGES or LANG: English when it says so, else Japanese. */
enum language command_language(void);

/* "ja" or "en" into *language; false for anything else. */
bool command_parse_language(const char *text, enum language *language);

/* Writes a message of the catalogue and a line end. */
void command_say(FILE *to, enum language language, const char *key,
                 const struct message_value *values, size_t count);

/* Writes the sentence of an error and a line end. */
void command_say_error(FILE *to, enum language language, const struct error *error);

/* Appends text with control characters made visible, so that a file name cannot steer a terminal.
 */
void command_append_plain(struct buffer *out, const char *text);

#endif
