/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the command line of `sekisho journal`. */
#include "command/journal_options.h"

#include <getopt.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/time.h"
#include "command/command.h"
#include "journal/key.h"

enum option_code {
    OPTION_HELP = 'h',
    OPTION_OUTPUT = 'o',
    OPTION_ACTION = 256,
    OPTION_ACTOR,
    OPTION_ANY_ENTRIES,
    OPTION_FROM,
    OPTION_JSON,
    OPTION_KEY,
    OPTION_LANGUAGE,
    OPTION_LIMIT,
    OPTION_OBJECT,
    OPTION_QUORUM,
    OPTION_SINCE,
    OPTION_TO,
    OPTION_UNTIL,
    OPTION_WITNESS,
};

static const struct option long_options[] = {
    {"action", required_argument, NULL, OPTION_ACTION},
    {"actor", required_argument, NULL, OPTION_ACTOR},
    {"any-entries", no_argument, NULL, OPTION_ANY_ENTRIES},
    {"from", required_argument, NULL, OPTION_FROM},
    {"help", no_argument, NULL, OPTION_HELP},
    {"json", no_argument, NULL, OPTION_JSON},
    {"key", required_argument, NULL, OPTION_KEY},
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"object", required_argument, NULL, OPTION_OBJECT},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"quorum", required_argument, NULL, OPTION_QUORUM},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"to", required_argument, NULL, OPTION_TO},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"witness", required_argument, NULL, OPTION_WITNESS},
    {NULL, 0, NULL, 0},
};

#define NO_QUORUM SIZE_MAX

int journal_request_complain(const struct journal_request *request, const char *key,
                             const char *word)
{
    struct message_value values[] = {{"word", word}};
    command_say(stderr, request->language, key, values, 1);
    command_say(stderr, request->language, "usage.journal", NULL, 0);
    return -1;
}

static int say_error(const struct journal_request *request, const struct error *error)
{
    command_say_error(stderr, request->language, error);
    return -1;
}

static int parse_number(const struct journal_request *request, const char *text, uint64_t *value)
{
    if (checkpoint_parse_number(bytes_of_string(text), value))
        return 0;
    return journal_request_complain(request, "usage.number_bad", text);
}

/* A time with offset, or a date, which stands for its beginning in Japan. */
static int parse_time(const struct journal_request *request, const char *text, int64_t *moment)
{
    struct date date;
    if (date_parse(bytes_of_string(text), &date, NULL) == 0) {
        *moment = time_start_of_date(date);
        return 0;
    }
    if (time_parse(bytes_of_string(text), moment, NULL) == 0)
        return 0;
    return journal_request_complain(request, "usage.time_bad", text);
}

static int add_witness(struct journal_request *request, const char *text)
{
    struct error error;
    if (request->witness_count == JOURNAL_AUDIT_WITNESSES_MAX)
        return journal_request_complain(request, "usage.number_bad", text);
    request->witnesses =
        memory_resize(request->witnesses, request->witness_count + 1, sizeof *request->witnesses);
    struct note_verifier *key = &request->witnesses[request->witness_count];
    if (journal_key_load_public(text, key, &error) < 0)
        return say_error(request, &error);
    if (key->algorithm != NOTE_COSIGNATURE)
        return journal_request_complain(request, "usage.key_bad", text);
    request->witness_count++;
    return 0;
}

static int take_option(struct journal_request *request, int option, const char *text)
{
    struct error error;
    uint64_t number;
    switch (option) {
    case OPTION_KEY:
        request->has_key = true;
        if (journal_key_load_public(text, &request->key, &error) < 0)
            return say_error(request, &error);
        return request->key.algorithm == NOTE_ED25519
                   ? 0
                   : journal_request_complain(request, "usage.key_bad", text);
    case OPTION_WITNESS:
        return add_witness(request, text);
    case OPTION_QUORUM:
        if (parse_number(request, text, &number) < 0)
            return -1;
        request->quorum = (size_t)number;
        return 0;
    case OPTION_SINCE:
        return file_read(text, NOTE_BYTES_MAX, &request->since, &error) < 0
                   ? say_error(request, &error)
                   : 0;
    case OPTION_FROM:
        return parse_time(request, text, &request->from);
    case OPTION_UNTIL:
        return parse_time(request, text, &request->until);
    case OPTION_LIMIT:
        return parse_number(request, text, &request->limit);
    case OPTION_LANGUAGE:
        return command_parse_language(text, &request->language)
                   ? 0
                   : journal_request_complain(request, "usage.language_bad", text);
    }
    return 0;
}

static void take_word(struct journal_request *request, int option, const char *text)
{
    switch (option) {
    case OPTION_HELP:
        request->help = true;
        break;
    case OPTION_JSON:
        request->json = true;
        break;
    case OPTION_ANY_ENTRIES:
        request->any_entries = true;
        break;
    case OPTION_ACTOR:
        request->actor = text;
        break;
    case OPTION_ACTION:
        request->action = text;
        break;
    case OPTION_OBJECT:
        request->object = text;
        break;
    case OPTION_TO:
        request->to = text;
        break;
    case OPTION_OUTPUT:
        request->output = text;
        break;
    }
}

static int take_paths(struct journal_request *request, int argc, char **argv)
{
    for (; optind < argc; optind++) {
        if (request->path_count == 2)
            return journal_request_complain(request, "usage.word_extra", argv[optind]);
        request->paths[request->path_count++] = argv[optind];
    }
    return 0;
}

int journal_request_parse(int argc, char **argv, struct journal_request *request)
{
    *request = (struct journal_request){
        .language = command_language(), .until = INT64_MAX, .quorum = NO_QUORUM};
    optind = 0;
    opterr = 0;
    int option;
    while ((option = getopt_long(argc, argv, ":ho:", long_options, NULL)) != -1) {
        if (option == '?')
            return journal_request_complain(request, "usage.option_unknown", argv[optind - 1]);
        if (option == ':')
            return journal_request_complain(request, "usage.value_missing", argv[optind - 1]);
        take_word(request, option, optarg);
        if (take_option(request, option, optarg) < 0)
            return -1;
    }
    if (request->quorum == NO_QUORUM) /* whoever names witnesses wants their signatures */
        request->quorum = request->witness_count;
    return take_paths(request, argc, argv);
}

void journal_request_clear(struct journal_request *request)
{
    free(request->witnesses);
    buffer_free(&request->since);
}
