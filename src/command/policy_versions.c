/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho policy adopt DIR FILE` and `sekisho policy versions DIR`. */
#include <getopt.h>

#include "adoption/adoption.h"
#include "base/memory.h"
#include "base/time.h"
#include "command/command.h"
#include "command/policy_adopt.h"
#include "command/policy_read.h"

enum {
    OPTION_DECIDED = 256,
    OPTION_EFFECTIVE,
    OPTION_LANGUAGE,
    OPTION_LOOSEN,
    OPTION_NUMBER,
    OPTION_REASON,
    OPTION_BY
};

static const struct option adopt_options[] = {
    {"by", required_argument, NULL, OPTION_BY},
    {"decided", required_argument, NULL, OPTION_DECIDED},
    {"effective", required_argument, NULL, OPTION_EFFECTIVE},
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {"loosen", no_argument, NULL, OPTION_LOOSEN},
    {"number", required_argument, NULL, OPTION_NUMBER},
    {"reason", required_argument, NULL, OPTION_REASON},
    {NULL, 0, NULL, 0},
};

static const struct option versions_options[] = {
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {NULL, 0, NULL, 0},
};

static bool take_option(struct policy_adoption *adoption, int option, const char *text)
{
    switch (option) {
    case OPTION_LANGUAGE:
        return command_parse_language(text, &adoption->language);
    case OPTION_LOOSEN:
        adoption->loosen = true;
        return true;
    case OPTION_BY:
        adoption->decided_by = text;
        return true;
    case OPTION_DECIDED:
        adoption->decided = text;
        return true;
    case OPTION_EFFECTIVE:
        adoption->effective = text;
        return true;
    case OPTION_NUMBER:
        adoption->number = text;
        return true;
    case OPTION_REASON:
        adoption->reason = text;
        return true;
    default:
        return false;
    }
}

/* The options, and exactly so many words behind them; false when they do not fit. */
static bool parse(int argc, char **argv, const struct option *options, int words,
                  struct policy_adoption *adoption)
{
    int option;
    *adoption = (struct policy_adoption){.language = command_language()};
    opterr = 0;
    optind = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (!take_option(adoption, option, optarg))
            return false;
    return argc - optind == words;
}

static int fail(const struct policy_adoption *adoption, const struct error *error)
{
    command_say_error(stderr, adoption->language, error);
    return COMMAND_FAILED;
}

static int complain(const struct policy_adoption *adoption)
{
    command_say(stderr, adoption->language, "usage.policy", NULL, 0);
    return COMMAND_USAGE;
}

int command_policy_adopt(int argc, char **argv)
{
    struct policy_adoption adoption;
    struct error error = {0};
    struct policy *policy;
    const char *failed;
    int64_t version;
    if (!parse(argc, argv, adopt_options, 2, &adoption))
        return complain(&adoption);
    const char *directory = argv[optind];
    adoption.path = argv[optind + 1];
    if (policy_read_files(&adoption.path, 1, &policy, &failed, &error) != 0) {
        command_say_error(stderr, adoption.language, &error);
        return COMMAND_REFUSED;
    }
    adoption.policy = policy;
    int result = policy_adopt_into(directory, &adoption, &version, &error);
    if (result == 0)
        result = policy_adopt_print(directory, version, adoption.language, &error);
    policy_free(policy);
    return result == 0 ? COMMAND_DONE : fail(&adoption, &error);
}

static void print_version(const struct adoption_version *version, enum language language)
{
    AUTO_BUFFER stage = {0}, number = {0};
    buffer_append_format(&stage, "adoption.stage.%s", adoption_stage_name(version->stage));
    buffer_append_format(&number, "%lld", (long long)version->id);
    const struct message_value values[] = {
        {"id", buffer_string(&number)}, {"stage", message_get(language, buffer_string(&stage))},
        {"number", version->number},    {"effective", version->effective},
        {"title", version->title},      {"digest", version->text_digest}};
    command_say(stdout, language, "policy_adopt.version", values, sizeof values / sizeof *values);
}

int command_policy_versions(int argc, char **argv)
{
    enum { PAGE = 50 };
    struct policy_adoption adoption;
    struct error error = {0};
    struct store *store;
    if (!parse(argc, argv, versions_options, 1, &adoption))
        return complain(&adoption);
    if (store_open(argv[optind], &store, &error) != 0)
        return fail(&adoption, &error);
    struct adoption_version *list = memory_allocate(PAGE, sizeof *list);
    int64_t before = 0;
    size_t count = PAGE;
    int result = 0;
    while (result == 0 && count == PAGE) {
        result = adoption_list(store, time_now(), before, list, PAGE, &count, &error);
        for (size_t i = 0; result == 0 && i < count; i++)
            print_version(&list[i], adoption.language);
        before = count ? list[count - 1].id : 0;
    }
    free(list);
    store_close(store);
    return result == 0 ? COMMAND_DONE : fail(&adoption, &error);
}
