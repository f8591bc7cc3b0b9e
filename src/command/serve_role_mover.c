/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mover as a process: woken by the web processes, told passwords by them, locked in. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/time.h"
#include "base/utf8.h"
#include "command/serve.h"
#include "gate/mover.h"

enum {
    WAIT_MS = 1000,    /* until it looks for what waited for a time */
    TROUBLE_MS = 5000, /* until the store is tried again */
    MANY = 4096,
};

/* An inlet for each zone that has a channel; how many. */
static size_t find_inlets(const struct serve_orders *orders, struct gate_inlet inlets[SERVE_ZONES])
{
    size_t count = 0;
    for (unsigned i = 0; i < orders->settings.zone_count; i++) {
        if (orders->channels[i] < 0)
            continue;
        inlets[count].socket = orders->channels[i];
        utf8_copy(inlets[count++].zone, GATE_ZONE_SIZE, orders->settings.zones[i].id);
    }
    return count;
}

/* What it may do besides its files: feed its workers, and ask the scanner. */
static struct sandbox_service service_of(const char *scanner)
{
    const char *colon = strrchr(scanner, ':');
    struct sandbox_service service = {.workers = true};
    if (*scanner == '/')
        service.connect = SANDBOX_CONNECT_LOCAL;
    else if (colon) {
        service.connect = SANDBOX_CONNECT_TCP;
        service.port = (uint16_t)strtoul(colon + 1, NULL, 10);
    }
    return service;
}

/* True when another mover has to be started, since this one's workers are gone for good. */
static bool is_lost(const struct error *error)
{
    return !strcmp(error->code, "sandbox_failed");
}

/* Moves until the process is to end. What the store refuses (a full disk) is said once and tried
 * again: this mover knows what it has under way, another one would count it as an attempt. */
static int move(const struct serve_orders *orders, struct gate_mover *mover, struct error *error)
{
    const int others[] = {orders->signals, orders->wake};
    const char *said = NULL;
    char wakes[MANY];
    for (;;) {
        int did = gate_mover_step(mover, time_now(), false, error);
        if (did < 0 && is_lost(error))
            return -1;
        if (did < 0 && said != error->code)
            serve_log_error("mover", NULL, error);
        said = did < 0 ? error->code : NULL;
        if (did == 0)
            gate_mover_wait(mover, others, 2, WAIT_MS);
        if (serve_stops(orders, did < 0 ? TROUBLE_MS : 0))
            return 0;
        (void)!read(orders->wake, wakes, sizeof wakes); /* the pipe does not block */
    }
}

/* The mover reads nothing from outside itself: every file goes to a worker of its pool, which was
 * started before the mover locks itself in. */
int serve_run_mover(const struct serve_orders *orders, struct error *error)
{
    struct gate_mover *mover = NULL;
    struct gate_inlet inlets[SERVE_ZONES];
    const char *scanner = orders->settings.scanner;
    const struct gate_mover_options options = {
        .directory = orders->settings.directory,
        .scanner = *scanner ? scanner : NULL,
        .workers = orders->settings.workers,
        .inlets = inlets,
        .inlet_count = find_inlets(orders, inlets),
        .locked_in = true,
    };
    if (gate_mover_start(&options, &mover, error) != 0)
        return -1;
    int result = serve_lock_in(orders, service_of(scanner), error);
    if (result == 0)
        result = move(orders, mover, error);
    gate_mover_stop(mover);
    return result;
}
