/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that asks another server about passwords: one port of the network, and no file. */
#include "base/error.h"
#include "base/sandbox.h"
#include "command/serve.h"
#include "identity/directory.h"

enum { STEP_MS = 200 };

bool serve_wants_directory(const struct serve_settings *settings)
{
    return *settings->ldap_address != '\0';
}

int serve_run_directory(const struct serve_orders *orders, struct error *error)
{
    const struct serve_settings *settings = &orders->settings;
    const struct directory_options options = {settings->ldap_address, settings->ldap_name,
                                              settings->ldap_authority};
    struct directory *directory = directory_open(&options, error);
    if (!directory)
        return -1;
    int result = serve_lock_in(
        orders,
        (struct sandbox_service){.connect = SANDBOX_CONNECT_TCP, .port = directory_port(directory)},
        error);
    while (result == 0 && !serve_stops(orders, 0))
        result = directory_step(directory, orders->channels[0], STEP_MS, error);
    /* The process ends, and threads that still wait for an answer with it. A new one may look the
     * name up, which this one, locked in, cannot. */
    return result == DIRECTORY_LOOK_UP ? 0 : result;
}
