/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho policy show|lint|compare|coverage|export`; adopt and versions stand in
 * policy_versions.c. */
#include <getopt.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/policy_adopt.h"
#include "command/policy_export.h"
#include "command/policy_print.h"
#include "command/policy_read.h"
#include "policy/oscal.h"

/* What was asked for on the command line. */
struct request {
    enum language language;
    bool json;
    const char *html;        /* file to write, or NULL */
    const char *excel;       /* file to write, or NULL */
    const char *oscal;       /* name of the model, or NULL */
    enum policy_oscal model; /* the same */
    const char *output;      /* the file that export writes */
    const char *const *paths;
    size_t path_count;
};

/* One verb: how many files it takes, and what it does with their policies. */
struct verb {
    const char *name;
    size_t least_files;
    size_t most_files;
    bool html, excel;
    int (*run)(struct policy *const *policies, const struct request *request);
};

static void print_buffer(struct buffer *out)
{
    puts(buffer_string(out));
}

static int run_show(struct policy *const *policies, const struct request *request)
{
    if (!request->json) {
        policy_print(policies[0], request->language);
        return COMMAND_DONE;
    }
    AUTO_BUFFER out = {0};
    policy_write_json(policies[0], &out);
    print_buffer(&out);
    return COMMAND_DONE;
}

static int run_lint(struct policy *const *policies, const struct request *request)
{
    struct policy_findings findings;
    policy_lint(policies[0], &findings);
    if (request->json) {
        AUTO_BUFFER out = {0};
        policy_findings_write_json(policies[0], &findings, &out);
        print_buffer(&out);
    } else {
        policy_print_findings(policies[0], &findings, request->language);
    }
    int status = findings.count ? COMMAND_REFUSED : COMMAND_DONE;
    policy_findings_free(&findings);
    return status;
}

/* Says what went wrong while a file was written; the exit status. */
static int say_failure(const struct request *request, const struct error *error)
{
    command_say_error(stderr, request->language, error);
    return COMMAND_FAILED;
}

/* Writes the comparison into the files that were asked for; the exit status. */
static int write_comparison(const struct policy *const *compared,
                            const struct policy_comparison *comparison,
                            const struct request *request)
{
    struct error error = {0};
    AUTO_BUFFER page = {0};
    if (request->html)
        policy_append_comparison_html(compared, comparison, request->language, &page);
    if ((request->html && file_replace(request->html, buffer_bytes(&page), 0666, &error)) ||
        (request->excel && policy_write_comparison_excel(compared, comparison, request->language,
                                                         request->excel, &error)))
        return say_failure(request, &error);
    return COMMAND_DONE;
}

static int run_compare(struct policy *const *policies, const struct request *request)
{
    struct policy_comparison comparison;
    const struct policy *const *compared = (const struct policy *const *)policies;
    struct error error = {0};
    if (policy_can_compare(compared, request->path_count, &error))
        return say_failure(request, &error);
    policy_compare(compared, request->path_count, &comparison);
    int status = write_comparison(compared, &comparison, request);
    if (request->json) {
        AUTO_BUFFER out = {0};
        policy_comparison_write_json(compared, &comparison, &out);
        print_buffer(&out);
    } else if (!request->html && !request->excel) {
        policy_print_comparison(compared, &comparison, request->language);
    }
    policy_comparison_free(&comparison);
    return status;
}

static int run_coverage(struct policy *const *policies, const struct request *request)
{
    struct error error = {0};
    if (request->excel &&
        policy_write_coverage_excel(policies[0], request->language, request->excel, &error))
        return say_failure(request, &error);
    if (request->excel && !request->json)
        return COMMAND_DONE;
    if (!request->json) {
        policy_print_coverage(policies[0], request->language);
        return COMMAND_DONE;
    }
    AUTO_BUFFER out = {0};
    policy_write_coverage_json(policies[0], request->language, &out);
    print_buffer(&out);
    return COMMAND_DONE;
}

static int run_export(struct policy *const *policies, const struct request *request)
{
    AUTO_BUFFER out = {0};
    struct error error = {0};
    policy_write_oscal(policies[0], request->model, &out);
    buffer_append_byte(&out, '\n');
    if (!request->output)
        fwrite(out.data, 1, out.length, stdout);
    else if (file_replace(request->output, buffer_bytes(&out), 0666, &error))
        return say_failure(request, &error);
    return COMMAND_DONE;
}

static const struct verb verbs[] = {
    {"compare", 2, 64, true, true, run_compare}, {"coverage", 1, 1, false, true, run_coverage},
    {"export", 1, 1, false, false, run_export},  {"lint", 1, 1, false, false, run_lint},
    {"show", 1, 1, false, false, run_show},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    }
    return NULL;
}

static int usage(enum language language, const char *key, const char *word)
{
    const struct message_value values[] = {{"word", word}};
    command_say(stderr, language, key, values, 1);
    command_say(stderr, language, "usage.policy", NULL, 0);
    return COMMAND_USAGE;
}

/* Reads the options; -1 to go on, else the exit status. */
static int read_options(int argc, char **argv, struct request *request)
{
    static const struct option options[] = {
        {"excel", required_argument, NULL, 'x'},  {"html", required_argument, NULL, 'w'},
        {"json", no_argument, NULL, 'j'},         {"oscal", required_argument, NULL, 's'},
        {"output", required_argument, NULL, 'o'}, {"lang", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    opterr = 0;
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, ":ho:", options, NULL)) != -1;) {
        if (option == 'j')
            request->json = true;
        else if (option == 'x')
            request->excel = optarg;
        else if (option == 'w')
            request->html = optarg;
        else if (option == 'o')
            request->output = optarg;
        else if (option == 's')
            request->oscal = optarg;
        else if (option == 'l' && !command_parse_language(optarg, &request->language))
            return usage(request->language, "usage.language_bad", optarg);
        else if (option == 'h') {
            command_say(stdout, request->language, "help.policy", NULL, 0);
            return COMMAND_DONE;
        } else if (option == ':')
            return usage(request->language, "usage.value_missing", argv[optind - 1]);
        else if (option == '?')
            return usage(request->language, "usage.option_unknown", argv[optind - 1]);
    }
    return -1;
}

/* True when the options that were given are the verb's own; finds the model of OSCAL. */
static bool fits_verb(const struct verb *verb, struct request *request)
{
    bool exports = verb->run == run_export;
    if ((request->html && !verb->html) || (request->excel && !verb->excel) ||
        exports != (request->oscal != NULL) || (request->output && !exports))
        return false;
    for (int model = 0; exports && model < POLICY_OSCAL_COUNT; model++) {
        request->model = model;
        if (!strcmp(request->oscal, policy_oscal_name(model)))
            return true;
    }
    return !exports;
}

/* Verbs about an organization's directory, which read their own options. */
static const struct {
    const char *name;
    command_function *run;
} organization_verbs[] = {
    {"adopt", command_policy_adopt},
    {"state", command_policy_state},
    {"versions", command_policy_versions},
};

int command_policy(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof organization_verbs / sizeof *organization_verbs; i++)
        if (strcmp(argv[1], organization_verbs[i].name) == 0)
            return organization_verbs[i].run(argc - 1, argv + 1);
    struct request request = {.language = command_language()};
    int status = read_options(argc, argv, &request);
    if (status >= 0)
        return status;
    const struct verb *verb = optind < argc ? find_verb(argv[optind]) : NULL;
    if (!verb)
        return usage(request.language, "usage.policy_verb", optind < argc ? argv[optind] : "");
    if (!fits_verb(verb, &request))
        return usage(request.language, "usage.policy_options", verb->name);
    request.paths = (const char *const *)argv + optind + 1;
    request.path_count = (size_t)(argc - optind - 1);
    if (request.path_count < verb->least_files || request.path_count > verb->most_files)
        return usage(request.language, "usage.policy_files", verb->name);
    struct policy **policies = memory_allocate(request.path_count, sizeof *policies);
    struct error error = {0};
    const char *failed;
    if (policy_read_files(request.paths, request.path_count, policies, &failed, &error)) {
        if (failed)
            fprintf(stderr, "%s: ", failed);
        command_say_error(stderr, request.language, &error);
        status = COMMAND_REFUSED;
    } else {
        status = verb->run(policies, &request);
        for (size_t i = 0; i < request.path_count; i++)
            policy_free(policies[i]);
    }
    free(policies);
    return status;
}
