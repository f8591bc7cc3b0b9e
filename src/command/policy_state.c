/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho policy state DIR`: how the requirements of the policy in force stand. */
#include <getopt.h>
#include <string.h>

#include "adoption/export.h"
#include "base/file.h"
#include "base/time.h"
#include "command/command.h"
#include "command/policy_adopt.h"

struct request {
    enum language language;
    const char *oscal, *excel, *output, *directory;
};

static const struct option options[] = {
    {"excel", required_argument, NULL, 'x'},
    {"lang", required_argument, NULL, 'l'},
    {"oscal", required_argument, NULL, 's'},
    {"output", required_argument, NULL, 'o'},
    {NULL, 0, NULL, 0},
};

static bool parse(int argc, char **argv, struct request *request)
{
    int option;
    *request = (struct request){.language = command_language()};
    opterr = 0;
    optind = 0;
    while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        if (option == 'x')
            request->excel = optarg;
        else if (option == 's')
            request->oscal = optarg;
        else if (option == 'o')
            request->output = optarg;
        else if (option != 'l' || !command_parse_language(optarg, &request->language))
            return false;
    }
    request->directory = argc - optind == 1 ? argv[optind] : NULL;
    return request->directory && !(request->oscal && request->excel);
}

/* The model called so, or POLICY_OSCAL_COUNT. */
static enum policy_oscal model_of(const char *name)
{
    unsigned model = 0;
    while (model < POLICY_OSCAL_COUNT && strcmp(name, policy_oscal_name(model)) != 0)
        model++;
    return model;
}

static int write_out(const struct request *request, struct buffer *out, struct error *error)
{
    const char *path = request->excel ? request->excel : request->output;
    if (path)
        return file_replace(path, buffer_bytes(out), 0666, error);
    fwrite(out->data, 1, out->length, stdout);
    putchar('\n');
    return 0;
}

static int print_counts(struct store *store, const struct policy *policy, enum language language,
                        struct error *error)
{
    struct adoption_standings standings;
    if (adoption_standings_read(store, policy, time_now(), &standings, error) != 0)
        return -1;
    for (unsigned state = 0; state < ADOPTION_STATE_COUNT; state++) {
        AUTO_BUFFER key = {0}, count = {0};
        buffer_append_format(&key, "adoption.state.%s", adoption_state_name(state));
        buffer_append_format(&count, "%zu", standings.by_state[state]);
        const struct message_value values[] = {
            {"state", message_get(language, buffer_string(&key))},
            {"count", buffer_string(&count)}};
        command_say(stdout, language, "policy_state.count", values, 2);
    }
    adoption_standings_free(&standings);
    return 0;
}

static int write_state(struct store *store, const struct request *request, enum policy_oscal model,
                       struct error *error)
{
    struct adoption_version version;
    AUTO_BUFFER out = {0};
    int64_t now = time_now();
    int found = adoption_in_force(store, now, &version, error);
    if (found <= 0)
        return found < 0 ? -1 : error_set(error, "adoption_none", request->directory, "%s", "");
    AUTO_POLICY *policy = adoption_policy_borrow(store, version.id, error);
    if (!policy)
        return -1;
    if (!request->oscal && !request->excel)
        return print_counts(store, policy, request->language, error);
    if ((request->excel ? adoption_write_excel(store, policy, request->language, now, &out, error)
                        : adoption_write_oscal(store, policy, model, now, &out, error)) != 0)
        return -1;
    return write_out(request, &out, error);
}

int command_policy_state(int argc, char **argv)
{
    struct request request;
    struct error error = {0};
    struct store *store = NULL;
    bool sound = parse(argc, argv, &request);
    enum policy_oscal model = sound && request.oscal ? model_of(request.oscal) : 0;
    if (!sound || model == POLICY_OSCAL_COUNT) {
        command_say(stderr, request.language, "usage.policy", NULL, 0);
        return COMMAND_USAGE;
    }
    int result = store_open(request.directory, &store, &error);
    if (result == 0)
        result = write_state(store, &request, model, &error);
    store_close(store);
    if (result == 0)
        return COMMAND_DONE;
    command_say_error(stderr, request.language, &error);
    return COMMAND_FAILED;
}
