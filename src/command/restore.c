/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho restore`: an organization's directory out of a backup, which proves itself. */
#include "command/store_options.h"

int command_restore(int argc, char **argv)
{
    struct store_request request;
    struct store_backup_report report;
    struct error error = {0};
    int status = store_request_parse(argc, argv, 2, &request);
    if (status >= 0)
        return status;
    const struct store_restore_options options = {
        .from = request.paths[0],
        .directory = request.paths[1],
        .set = request.set,
        .blob_key = request.blob_key,
    };
    if (store_restore(&options, &report, &error) != 0) {
        command_say_error(stderr, request.language, &error);
        return COMMAND_FAILED;
    }
    store_request_report(&request, "restore.done", request.paths[1], &report);
    return COMMAND_DONE;
}
