/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The web process of one zone. */
#include <malloc.h>

#include "base/error.h"
#include "base/file.h"
#include "command/serve.h"
#include "gate/zones.h"
#include "store/store.h"
#include "web/web.h"

enum {
    PEM_MOST = 1 << 20,
    LOOK_MS = 2000,
    KEPT_BYTES = 4 << 20,  /* of each thread's heap, between two requests */
    OUTER_BYTES = 1 << 20, /* blocks from here on go back to the kernel when they are freed */
};

/* Requests free all that they took. Left to itself the C library gives that back to the kernel and
 * asks for it again, page by page: half of the time of a list under load. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_MMAP_THRESHOLD, OUTER_BYTES);
}

/* Appends a PEM file when one is named. */
static int read_pem(const char *path, struct buffer *out, struct error *error)
{
    return *path ? file_read(path, PEM_MOST, out, error) : 0;
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

/* Answers until the process is to end, or its zone is closed. */
static int answer_on(const struct serve_orders *orders, struct store *store)
{
    struct gate_zone zone = {0};
    while (!serve_stops(orders, LOOK_MS))
        if (gate_zone_read(store, orders->zone->id, &zone, NULL) == 0 && zone.closed)
            return SERVE_OVER;
    return 0;
}

int serve_run_web(const struct serve_orders *orders, struct error *error)
{
    AUTO_BUFFER certificate = {0}, key = {0};
    const struct serve_settings *settings = &orders->settings;
    const struct serve_zone *zone = orders->zone;
    struct store *store = NULL;
    keep_memory();
    /* A connection that stays open keeps the files of the write-ahead log in being. */
    if (read_pem(zone->certificate, &certificate, error) || read_pem(zone->key, &key, error) ||
        store_open(settings->directory, &store, error))
        return -1;
    const char *served[SERVE_ZONES + 1] = {NULL};
    for (unsigned i = 0; i < settings->zone_count; i++)
        served[i] = settings->zones[i].id;
    const struct web_options options = {
        .listening = zone->listening,
        .directory = settings->directory,
        .organization = settings->organization,
        .zone = zone->id,
        .zone_name = zone->name,
        .served = served,
        .origin = or_null(zone->origin),
        .banner = or_null(zone->banner),
        .certificate = certificate.length ? buffer_string(&certificate) : NULL,
        .key = key.length ? buffer_string(&key) : NULL,
        .threads = settings->threads,
        .connections = settings->connections,
        .connections_per_address = settings->connections_per_address,
        .head_seconds = settings->head_seconds,
        .requests_per_second = settings->requests_per_second,
        .proxy = or_null(settings->proxy),
        .log_requests = settings->log_requests != 0,
        .wake = orders->wake,
        .passwords = orders->channels[SERVE_MOVER],
        .renderer = orders->channels[SERVE_RENDERER],
        .ldap = serve_wants_directory(settings) ? orders->channels[SERVE_DIRECTORY] : -1,
    };
    struct web_server *server = NULL;
    int result = store_begin_read(store, error);
    store_rollback(store);
    if (result == 0)
        result = serve_lock_in(orders, (struct sandbox_service){0}, error);
    if (result == 0 && !(server = web_start(&options, error)))
        result = -1;
    if (result == 0)
        result = answer_on(orders, store);
    web_stop(server);
    store_close(store);
    return result;
}
