/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho init`: the directory of a new organization. */
#include "base/file.h"
#include "base/utf8.h"
#include "command/policy_adopt.h"
#include "command/policy_read.h"
#include "command/store_options.h"
#include "store/sealing.h"

/* The name that was given, else the policy's, else that of the directory. */
static const char *organization_name(const struct store_request *request,
                                     const struct policy *policy)
{
    const char *slash = strrchr(request->paths[0], '/');
    if (request->name)
        return request->name;
    if (policy && *policy->organization)
        return policy->organization;
    return slash && slash[1] ? slash + 1 : request->paths[0];
}

/* Makes the directory; what the policy sets up comes with it or nothing stays. */
static int make(const struct store_request *request, const char *name, const struct policy *policy,
                int64_t *version, struct error *error)
{
    const char *directory = request->paths[0];
    if (store_setup(directory, name, request->origin, error) != 0)
        return -1;
    if (!policy)
        return 0;
    const struct policy_adoption adoption = {.path = request->policy,
                                             .policy = policy,
                                             .name = request->name,
                                             .language = request->language};
    if (policy_adopt_into(directory, &adoption, version, error) == 0)
        return 0;
    file_remove_tree(directory, NULL);
    return -1;
}

static int run(const struct store_request *request, const struct policy *policy)
{
    struct store_backup_report report;
    struct error error = {0};
    int64_t version = 0;
    const char *directory = request->paths[0], *name = organization_name(request, policy);
    if (*name == '\0' || !utf8_valid(bytes_of_string(name)))
        return store_request_complain(request, "usage.name_bad", "--name");
    if (make(request, name, policy, &version, &error) != 0 ||
        store_prove(directory, &report, &error) != 0) {
        command_say_error(stderr, request->language, &error);
        return COMMAND_FAILED;
    }
    store_request_report(request, "init.done", directory, &report);
    if (!policy || request->json ||
        policy_adopt_print(directory, version, request->language, &error) == 0)
        return COMMAND_DONE;
    command_say_error(stderr, request->language, &error);
    return COMMAND_FAILED;
}

int command_init(int argc, char **argv)
{
    struct store_request request;
    struct error error = {0};
    struct policy *policy = NULL;
    const char *failed;
    int status = store_request_parse(argc, argv, 1, &request);
    if (status >= 0)
        return status;
    if (request.policy && policy_read_files(&request.policy, 1, &policy, &failed, &error) != 0) {
        command_say_error(stderr, request.language, &error);
        return COMMAND_REFUSED;
    }
    status = run(&request, policy);
    policy_free(policy);
    return status;
}
