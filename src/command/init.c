/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho init`: the directory of a new organization. */
#include "base/file.h"
#include "base/utf8.h"
#include "command/store_options.h"
#include "store/sealing.h"

/* Without a name the organization is called as its directory. */
static const char *organization_name(const struct store_request *request)
{
    const char *slash = strrchr(request->paths[0], '/');
    return request->name ? request->name : slash && slash[1] ? slash + 1 : request->paths[0];
}

int command_init(int argc, char **argv)
{
    struct store_request request;
    struct store_backup_report report;
    struct error error = {0};
    int status = store_request_parse(argc, argv, 1, &request);
    if (status >= 0)
        return status;
    const char *directory = request.paths[0], *name = organization_name(&request);
    if (*name == '\0' || !utf8_valid(bytes_of_string(name)))
        return store_request_complain(&request, "usage.name_bad", "--name");
    if (store_setup(directory, name, request.origin, &error) != 0 ||
        store_prove(directory, &report, &error) != 0) {
        command_say_error(stderr, request.language, &error);
        return COMMAND_FAILED;
    }
    store_request_report(&request, "init.done", directory, &report);
    return COMMAND_DONE;
}
