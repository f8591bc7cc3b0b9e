/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The renderer as a process: it opens no document itself, and sees no file at all. */
#include "base/error.h"
#include "command/serve.h"
#include "gate/renderer.h"

enum { STEP_MS = 200 };

int serve_run_renderer(const struct serve_orders *orders, struct error *error)
{
    struct renderer *renderer = renderer_start(orders->channels[0], 0, error);
    int result = renderer ? 0 : -1;
    if (result == 0)
        result = serve_lock_in(orders, (struct sandbox_service){.workers = true}, error);
    while (result == 0 && !serve_stops(orders, 0))
        result = renderer_step(renderer, STEP_MS, error);
    renderer_stop(renderer);
    return result;
}
