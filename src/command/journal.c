/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho journal`: checking and reading the record, from its files and public keys alone. */
#include "command/command.h"
#include "command/journal_options.h"

static const struct {
    const char *name;
    int (*run)(const struct journal_request *request);
    int paths; /* that must stand behind the options */
    bool needs_key;
} actions[] = {
    {"check", journal_check, 1, true},    {"checkpoint", journal_print_checkpoint, 1, false},
    {"export", journal_export, 1, false}, {"proof", journal_prove, 2, false},
    {"show", journal_show, 1, false},     {"verify", journal_verify, 1, true},
};

static int run_action(size_t action, const struct journal_request *request)
{
    if (request->help) {
        command_say(stdout, request->language, "help.journal", NULL, 0);
        return COMMAND_DONE;
    }
    if (request->path_count != actions[action].paths) {
        journal_request_complain(request, "usage.journal_place", actions[action].name);
        return COMMAND_USAGE;
    }
    if (actions[action].needs_key && !request->has_key) {
        journal_request_complain(request, "usage.key_needed", actions[action].name);
        return COMMAND_USAGE;
    }
    return actions[action].run(request);
}

int command_journal(int argc, char **argv)
{
    struct journal_request request = {.language = command_language()};
    const char *name = argc > 1 ? argv[1] : "";
    if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
        command_say(stdout, request.language, "help.journal", NULL, 0);
        return COMMAND_DONE;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(name, actions[i].name) != 0)
            continue;
        int status = COMMAND_USAGE;
        if (journal_request_parse(argc - 1, argv + 1, &request) == 0)
            status = run_action(i, &request);
        journal_request_clear(&request);
        return fflush(stdout) || ferror(stdout) ? COMMAND_FAILED : status;
    }
    journal_request_complain(&request, "usage.command_unknown", name);
    return COMMAND_USAGE;
}
