/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the command lines that make, save and bring back an organization's directory. */
#include "command/store_options.h"

#include <getopt.h>
#include <inttypes.h>

#include "base/json.h"

enum option_code {
    OPTION_HELP = 'h',
    OPTION_BLOB_KEY = 256,
    OPTION_JSON,
    OPTION_LANGUAGE,
    OPTION_NAME,
    OPTION_ORIGIN,
    OPTION_POLICY,
    OPTION_SET,
    OPTION_TO,
    OPTION_WITH_KEYS,
    OPTION_WITHOUT_BLOB_KEY,
};

static const struct option init_options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"json", no_argument, NULL, OPTION_JSON},
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {"name", required_argument, NULL, OPTION_NAME},
    {"origin", required_argument, NULL, OPTION_ORIGIN},
    {"policy", required_argument, NULL, OPTION_POLICY},
    {NULL, 0, NULL, 0},
};

static const struct option backup_options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"json", no_argument, NULL, OPTION_JSON},
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {"to", required_argument, NULL, OPTION_TO},
    {"with-keys", no_argument, NULL, OPTION_WITH_KEYS},
    {"without-blob-key", no_argument, NULL, OPTION_WITHOUT_BLOB_KEY},
    {NULL, 0, NULL, 0},
};

static const struct option restore_options[] = {
    {"blob-key", required_argument, NULL, OPTION_BLOB_KEY},
    {"help", no_argument, NULL, OPTION_HELP},
    {"json", no_argument, NULL, OPTION_JSON},
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {"set", required_argument, NULL, OPTION_SET},
    {NULL, 0, NULL, 0},
};

static const struct {
    const char *command;
    const struct option *options;
    const char *usage, *help;
} forms[] = {
    {"backup", backup_options, "usage.backup", "help.backup"},
    {"init", init_options, "usage.init", "help.init"},
    {"restore", restore_options, "usage.restore", "help.restore"},
};

/* The row of a command, which is always one of the three. */
static size_t form_of(const struct store_request *request)
{
    size_t form = 0;
    while (strcmp(forms[form].command, request->command) != 0)
        form++;
    return form;
}

int store_request_complain(const struct store_request *request, const char *key, const char *word)
{
    struct message_value values[] = {{"word", word}};
    command_say(stderr, request->language, key, values, 1);
    command_say(stderr, request->language, forms[form_of(request)].usage, NULL, 0);
    return COMMAND_USAGE;
}

static int take_option(struct store_request *request, int option, const char *text)
{
    enum language language;
    switch (option) {
    case OPTION_HELP:
        request->help = true;
        return 0;
    case OPTION_JSON:
        request->json = true;
        return 0;
    case OPTION_WITH_KEYS:
        request->with_keys = true;
        return 0;
    case OPTION_WITHOUT_BLOB_KEY:
        request->without_blob_key = true;
        return 0;
    case OPTION_LANGUAGE:
        if (!command_parse_language(text, &language))
            return -1;
        request->language = language;
        return 0;
    case OPTION_NAME:
        request->name = text;
        return 0;
    case OPTION_ORIGIN:
        request->origin = text;
        return 0;
    case OPTION_POLICY:
        request->policy = text;
        return 0;
    case OPTION_TO:
        request->to = text;
        return 0;
    case OPTION_SET:
        request->set = text;
        return 0;
    default:
        request->blob_key = text;
        return 0;
    }
}

int store_request_parse(int argc, char **argv, int paths, struct store_request *request)
{
    *request = (struct store_request){.command = argv[0], .language = command_language()};
    const struct option *options = forms[form_of(request)].options;
    optind = 0;
    opterr = 0;
    int option;
    while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (option == '?')
            return store_request_complain(request, "usage.option_unknown", argv[optind - 1]);
        if (option == ':')
            return store_request_complain(request, "usage.value_missing", argv[optind - 1]);
        if (take_option(request, option, optarg) != 0)
            return store_request_complain(request, "usage.language_bad", optarg);
    }
    if (request->help) {
        command_say(stdout, request->language, forms[form_of(request)].help, NULL, 0);
        return COMMAND_DONE;
    }
    for (; optind < argc; optind++) {
        if (request->path_count == paths)
            return store_request_complain(request, "usage.store_place", argv[optind]);
        request->paths[request->path_count++] = argv[optind];
    }
    return request->path_count == paths
               ? -1
               : store_request_complain(request, "usage.store_place", request->command);
}

static void print_json(const char *place, const struct store_backup_report *report)
{
    AUTO_BUFFER line = {0};
    struct json_writer json = json_writer_open(&line);
    json_begin_object(&json);
    json_member_string(&json, "place", place);
    json_member_string(&json, "set", report->set);
    json_member_unsigned(&json, "entries", report->entries);
    json_member_unsigned(&json, "blobs", report->blobs);
    json_member_unsigned(&json, "new_blobs", report->new_blobs);
    json_member_boolean(&json, "verified", true);
    json_end_object(&json);
    puts(buffer_string(&line));
}

void store_request_report(const struct store_request *request, const char *key, const char *place,
                          const struct store_backup_report *report)
{
    char entries[24], blobs[24], new_blobs[24];
    snprintf(entries, sizeof entries, "%" PRIu64, report->entries);
    snprintf(blobs, sizeof blobs, "%" PRIu64, report->blobs);
    snprintf(new_blobs, sizeof new_blobs, "%" PRIu64, report->new_blobs);
    const struct message_value values[] = {{"place", place},
                                           {"set", report->set},
                                           {"entries", entries},
                                           {"blobs", blobs},
                                           {"new_blobs", new_blobs}};
    if (request->json)
        print_json(place, report);
    else
        command_say(stdout, request->language, key, values, sizeof values / sizeof *values);
}
