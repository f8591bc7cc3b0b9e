/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The children of `sekisho serve`: a sealer, a mover, a renderer, and a web process for each zone.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ipc.h"
#include "base/sandbox.h"
#include "base/time.h"
#include "command/command.h"
#include "command/serve.h"
#include "gate/mover.h"
#include "gate/renderer.h"
#include "store/sealing.h"
#include "web/web.h"

enum {
    STEP_MS = 200,
    PEM_MOST = 1 << 20,
};

/* What a child is told. */
struct orders {
    enum serve_role role;
    struct serve_settings settings; /* with one zone, for a web process */
    int renderer;                   /* our end of the renderer's socket */
};

/* Takes descriptor number i out of a frame; -1 when there is none. */
static int take_descriptor(struct ipc_frame *frame, size_t i)
{
    int taken = i < frame->descriptor_count ? frame->descriptors[i] : -1;
    if (taken >= 0)
        frame->descriptors[i] = -1;
    return taken;
}

static int receive_orders(struct orders *orders, struct error *error)
{
    struct ipc_frame frame = {0};
    struct serve_settings *settings = &orders->settings;
    struct serve_zone *zone = &settings->zones[0];
    if (ipc_receive(SERVE_SOCKET, &frame, error) != 1)
        return error_set(error, "ipc_failed", NULL, "%s", "");
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame.message));
    orders->role = ipc_take_u8(&reader);
    ipc_take_text(&reader, settings->directory, sizeof settings->directory);
    ipc_take_text(&reader, settings->organization, sizeof settings->organization);
    settings->threads = ipc_take_u32(&reader);
    settings->connections = ipc_take_u32(&reader);
    settings->connections_per_address = ipc_take_u32(&reader);
    settings->requests_per_second = ipc_take_u32(&reader);
    ipc_take_text(&reader, zone->id, sizeof zone->id);
    ipc_take_text(&reader, zone->name, sizeof zone->name);
    ipc_take_text(&reader, zone->origin, sizeof zone->origin);
    ipc_take_text(&reader, zone->banner, sizeof zone->banner);
    ipc_take_text(&reader, zone->certificate, sizeof zone->certificate);
    ipc_take_text(&reader, zone->key, sizeof zone->key);
    orders->renderer = take_descriptor(&frame, 0);
    zone->listening = take_descriptor(&frame, 1);
    bool whole = ipc_finished(&reader) && orders->role < SERVE_ROLES &&
                 (orders->role != SERVE_WEB || zone->listening >= 0);
    ipc_frame_clear(&frame);
    return whole ? 0 : error_set(error, "ipc_failed", NULL, "%s", "");
}

/* Everything that a process of this role may see in the organization's directory. */
static int lock_in(const struct orders *orders, struct error *error)
{
    static const struct {
        const char *inside;
        enum sandbox_access access;
        bool web, sealer;
    } places[] = {
        {"", SANDBOX_LIST, true, true},
        {"sekisho.db", SANDBOX_WRITE, true, true},
        {"sekisho.db-wal", SANDBOX_WRITE, true, true},
        {"sekisho.db-shm", SANDBOX_WRITE, true, true},
        {"blobs", SANDBOX_WRITE, true, false},
        {"keys/blob.key", SANDBOX_READ, true, false},
        {"keys", SANDBOX_WRITE, false, true},
        {"journal", SANDBOX_READ, true, false},
        {"journal", SANDBOX_WRITE, false, true},
    };
    enum { PLACES = sizeof places / sizeof *places };
    struct buffer names[PLACES] = {0};
    struct sandbox_path paths[PLACES + 1];
    size_t count = 0;
    for (size_t i = 0; i < PLACES; i++) {
        if (!(orders->role == SERVE_WEB ? places[i].web : places[i].sealer))
            continue;
        store_append_path(&names[i], orders->settings.directory, places[i].inside);
        paths[count++] = (struct sandbox_path){buffer_string(&names[i]), places[i].access};
    }
    paths[count++] = (struct sandbox_path){"/dev/urandom", SANDBOX_READ};
    int result = sandbox_enter_service(paths, count, error);
    for (size_t i = 0; i < PLACES; i++)
        buffer_free(&names[i]);
    return result;
}

/* Waits for one of the signals; true when it came within so many milliseconds. */
static bool stops(const sigset_t *signals, long milliseconds)
{
    const struct timespec patience = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    return sigtimedwait(signals, NULL, &patience) > 0;
}

static int run_sealer(const struct orders *orders, const sigset_t *signals, struct error *error)
{
    struct store_sealing *sealing = NULL;
    if (store_sealing_open(orders->settings.directory, NULL, &sealing, error) != 0)
        return -1;
    struct sealer *sealer = store_sealing_sealer(sealing);
    int result = lock_in(orders, error);
    while (result == 0 && !stops(signals, STEP_MS))
        result = sealer_step(sealer, time_now() / 1000, error);
    if (result == 0)
        result = sealer_flush(sealer, time_now() / 1000, error);
    store_sealing_close(sealing);
    return result;
}

/* The mover reads nothing from outside itself: every file goes to a worker of its pool, which is
 * locked in. */
static int run_mover(const struct orders *orders, const sigset_t *signals, struct error *error)
{
    struct gate_mover *mover = NULL;
    const struct gate_mover_options options = {.directory = orders->settings.directory,
                                               .passwords = -1};
    if (gate_mover_start(&options, &mover, error) != 0)
        return -1;
    int result = 0;
    while (result >= 0 && !stops(signals, result ? 0 : STEP_MS))
        result = gate_mover_step(mover, time_now(), error);
    gate_mover_stop(mover);
    return result < 0 ? -1 : 0;
}

/* The renderer opens no document itself either; it has nothing of the organization's directory. */
static int run_renderer(const struct orders *orders, const sigset_t *signals, struct error *error)
{
    struct renderer *renderer = renderer_start(orders->renderer, 0, error);
    int result = renderer ? 0 : -1;
    while (result == 0 && !stops(signals, 0))
        result = renderer_step(renderer, STEP_MS, error);
    renderer_stop(renderer);
    return result;
}

/* Appends a PEM file when one is named. */
static int read_pem(const char *path, struct buffer *out, struct error *error)
{
    return *path ? file_read(path, PEM_MOST, out, error) : 0;
}

static int run_web(const struct orders *orders, const sigset_t *signals, struct error *error)
{
    AUTO_BUFFER certificate = {0}, key = {0};
    const struct serve_settings *settings = &orders->settings;
    const struct serve_zone *zone = &settings->zones[0];
    struct store *store = NULL;
    /* A connection that stays open keeps the files of the write-ahead log in being. */
    if (read_pem(zone->certificate, &certificate, error) || read_pem(zone->key, &key, error) ||
        store_open(settings->directory, &store, error))
        return -1;
    const struct web_options options = {
        .listening = zone->listening,
        .directory = settings->directory,
        .organization = settings->organization,
        .zone = zone->id,
        .zone_name = zone->name,
        .origin = *zone->origin ? zone->origin : NULL,
        .banner = *zone->banner ? zone->banner : NULL,
        .certificate = certificate.length ? buffer_string(&certificate) : NULL,
        .key = key.length ? buffer_string(&key) : NULL,
        .threads = settings->threads,
        .connections = settings->connections,
        .connections_per_address = settings->connections_per_address,
        .requests_per_second = settings->requests_per_second,
        .wake = -1,
        .renderer = orders->renderer,
    };
    struct web_server *server = NULL;
    int result = store_begin_read(store, error);
    store_rollback(store);
    if (result == 0)
        result = lock_in(orders, error);
    if (result == 0 && !(server = web_start(&options, error)))
        result = -1;
    while (result == 0 && !stops(signals, 60000))
        ;
    web_stop(server);
    store_close(store);
    return result;
}

static int (*const runners[SERVE_ROLES])(const struct orders *orders, const sigset_t *signals,
                                         struct error *error) = {
    [SERVE_SEALER] = run_sealer,
    [SERVE_MOVER] = run_mover,
    [SERVE_RENDERER] = run_renderer,
    [SERVE_WEB] = run_web,
};

int serve_role_main(int argc, char **argv)
{
    struct orders orders = {0};
    struct error error = {0};
    sigset_t signals;
    if (argc < 1 || strcmp(argv[0], SERVE_ROLE_NAME) != 0)
        return -1;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* before threads are made */
    signal(SIGPIPE, SIG_IGN);
    int result = receive_orders(&orders, &error);
    if (result == 0)
        result = runners[orders.role](&orders, &signals, &error);
    if (result == 0)
        return COMMAND_DONE;
    command_say_error(stderr, LANGUAGE_EN, &error);
    return COMMAND_FAILED;
}
