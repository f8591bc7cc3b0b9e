/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a zone is well: its store can be read, the sealer and the mover keep up. */
#include "gate/mover.h"
#include "store/outbox.h"
#include "web/pages.h"

#define PATIENCE (30 * TIME_SECOND) /* that entries may wait without any being sealed */

/* Entries wait, and no call since long ago has seen a further one sealed. */
static bool sealer_behind(struct web_server *server, uint64_t sealed, uint64_t waiting, int64_t now)
{
    if (waiting == 0 || atomic_load(&server->sealed) != sealed) {
        atomic_store(&server->sealed, sealed);
        atomic_store(&server->sealed_seen, now);
    }
    return now - atomic_load(&server->sealed_seen) > PATIENCE;
}

void page_health(struct web_request *request)
{
    struct error error = {0};
    uint64_t recorded = 0, waiting = 0;
    bool mover = false, failed = store_outbox_state(request->store, &recorded, &waiting, &error) ||
                                 gate_mover_behind(request->store, request->now, &mover, &error);
    bool sealer =
        !failed && sealer_behind(request->server, recorded - waiting, waiting, request->now);
    json_t *health = json_pack("{ss ss ss}", "store", failed ? "failed" : "ok", "sealer",
                               sealer ? "behind" : "ok", "mover", mover ? "behind" : "ok");
    char *text = json_dumps(health, JSON_COMPACT);
    request->status = failed || sealer || mover ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK;
    request->content_type = "application/json";
    buffer_append_format(&request->body, "%s\n", text ? text : "");
    free(text);
    json_decref(health);
}
