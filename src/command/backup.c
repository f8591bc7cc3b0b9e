/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho backup`: a copy that stands for itself, taken while the organization goes on working. */
#include "command/store_options.h"

int command_backup(int argc, char **argv)
{
    struct store_request request;
    struct store_backup_report report;
    struct error error = {0};
    int status = store_request_parse(argc, argv, 1, &request);
    if (status >= 0)
        return status;
    if (!request.to)
        return store_request_complain(&request, "usage.value_missing", "--to");
    const struct store_backup_options options = {
        .directory = request.paths[0],
        .to = request.to,
        .with_signing_key = request.with_keys,
        .without_blob_key = request.without_blob_key,
    };
    if (store_backup(&options, &report, &error) != 0) {
        command_say_error(stderr, request.language, &error);
        return COMMAND_FAILED;
    }
    store_request_report(&request, "backup.done", request.to, &report);
    return COMMAND_DONE;
}
