/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho`: finds the subcommand. When it was started as a zygote of the disarm pool or as a
 * child of `sekisho serve`, it is that. */
#include "command/command.h"

#include <stdlib.h>

#include "command/serve.h"
#include "disarm/disarm.h"

struct command {
    const char *name;
    command_function *run;
};

/* Sorted by name; `help.<name>` and `summary.<name>` are its texts in the catalogue. */
static const struct command commands[] = {
    {"backup", command_backup},
    {"disarm", command_disarm},
    {"init", command_init},
    {"journal", command_journal},
    {"policy", command_policy},
    {"restore", command_restore},
    {"serve", command_serve},
    {"user", command_user},
    {"witness", command_witness},
};

static int show_help(FILE *to, enum language language)
{
    command_say(to, language, "help.head", NULL, 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        AUTO_BUFFER key = {0};
        buffer_append_format(&key, "summary.%s", commands[i].name);
        fprintf(to, "  %-10s ", commands[i].name);
        command_say(to, language, buffer_string(&key), NULL, 0);
    }
    command_say(to, language, "help.foot", NULL, 0);
    return to == stdout ? COMMAND_DONE : COMMAND_USAGE;
}

int main(int argc, char **argv)
{
    int status = disarm_zygote_main(argc, argv);
    if (status < 0)
        status = serve_role_main(argc, argv);
    if (status >= 0)
        return status;
    enum language language = command_language();
    if (argc < 2)
        return show_help(stderr, language);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (!strcmp(argv[1], commands[i].name))
            return commands[i].run(argc - 1, argv + 1);
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
        return show_help(stdout, language);
    if (!strcmp(argv[1], "--version")) {
        puts("sekisho " SEKISHO_VERSION);
        return COMMAND_DONE;
    }
    struct message_value values[] = {{"word", argv[1]}};
    command_say(stderr, language, "usage.command_unknown", values, 1);
    return COMMAND_USAGE;
}
