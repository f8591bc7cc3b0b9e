/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The watched folders as a process: it sees its folders and the store, and nothing else. */
#include <poll.h>
#include <unistd.h>

#include "base/error.h"
#include "base/time.h"
#include "command/serve.h"

enum { WAIT_MS = 500 };

static void say(const char *folder, const char *file, const struct error *error)
{
    AUTO_BUFFER name = {0};
    buffer_append_format(&name, "%s/%s", folder, file);
    struct error shown = *error;
    if (!*shown.where)
        error_set(&shown, error->code, buffer_string(&name), "%s", error->detail);
    serve_log_error("folder", folder, &shown);
}

static int lock_in(const struct serve_orders *orders, struct error *error)
{
    const struct serve_settings *settings = &orders->settings;
    struct sandbox_path paths[SERVE_PLACES];
    size_t count = 0;
    for (unsigned i = 0; i < settings->folder_count; i++) {
        paths[count++] = (struct sandbox_path){settings->folders[i].path, SANDBOX_WRITE};
        paths[count++] = (struct sandbox_path){settings->folders[i].output, SANDBOX_WRITE};
    }
    const struct sandbox_service service = {.paths = paths, .path_count = count};
    return serve_lock_in(orders, service, error);
}

static int work(const struct serve_orders *orders, struct gate_folders *folders,
                struct error *error)
{
    struct pollfd watched[] = {{orders->signals, POLLIN, 0},
                               {gate_folders_descriptor(folders), POLLIN, 0}};
    bool accepted;
    int did;
    while ((did = gate_folders_step(folders, time_now(), &accepted, error)) >= 0) {
        if (accepted)
            (void)!write(orders->wake, "", 1);
        poll(watched, 2, did ? 0 : WAIT_MS);
        if (watched[0].revents)
            return 0;
    }
    return -1;
}

int serve_run_folder(const struct serve_orders *orders, struct error *error)
{
    struct gate_folders *folders = NULL;
    const struct serve_settings *settings = &orders->settings;
    if (gate_folders_start(settings->directory, settings->folders, settings->folder_count, say,
                           &folders, error) != 0)
        return -1;
    int result = lock_in(orders, error);
    if (result == 0)
        result = work(orders, folders, error);
    gate_folders_stop(folders);
    return result;
}
