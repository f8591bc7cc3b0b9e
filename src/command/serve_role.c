/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The children of `sekisho serve`: which roles there are, what each may see, and how one begins. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ipc.h"
#include "base/time.h"
#include "command/command.h"
#include "command/serve.h"
#include "store/sealing.h"

enum { SEALER_STEP_MS = 200 };

static int run_sealer(const struct serve_orders *orders, struct error *error)
{
    struct store_sealing *sealing = NULL;
    if (store_sealing_open(orders->settings.directory, NULL, &sealing, error) != 0)
        return -1;
    struct sealer *sealer = store_sealing_sealer(sealing);
    int result = serve_lock_in(orders, (struct sandbox_service){0}, error);
    while (result == 0 && !serve_stops(orders, SEALER_STEP_MS))
        result = sealer_step(sealer, time_now() / 1000, error);
    if (result == 0)
        result = sealer_flush(sealer, time_now() / 1000, error);
    store_sealing_close(sealing);
    return result;
}

static bool has_folders(const struct serve_settings *settings)
{
    return settings->folder_count > 0;
}

/* A role is a row here, a value in enum serve_role, and its places below. */
const struct serve_role_row serve_roles[SERVE_ROLES] = {
    [SERVE_SEALER] = {"sealer", .run = run_sealer},
    [SERVE_MOVER] = {"mover", .asked = SERVE_ASKED_BY_ZONE, .run = serve_run_mover},
    [SERVE_DIRECTORY] = {"directory", .asked = SERVE_ASKED_BY_ALL, .wanted = serve_wants_directory,
                         .run = serve_run_directory},
    [SERVE_RENDERER] = {"renderer", .asked = SERVE_ASKED_BY_ALL, .run = serve_run_renderer},
    [SERVE_FOLDER] = {"folder", .wanted = has_folders, .run = serve_run_folder},
    [SERVE_WEB] = {"web", .per_zone = true, .run = serve_run_web},
};

#define ROLE(role) (1U << SERVE_##role)

/* What the roles see in the organization's directory. */
static const struct {
    const char *inside;
    enum sandbox_access access;
    unsigned roles;
} places[] = {
    {"", SANDBOX_LIST, ROLE(WEB) | ROLE(MOVER) | ROLE(FOLDER) | ROLE(SEALER)},
    {"sekisho.db", SANDBOX_WRITE, ROLE(WEB) | ROLE(MOVER) | ROLE(FOLDER) | ROLE(SEALER)},
    {"sekisho.db-wal", SANDBOX_WRITE, ROLE(WEB) | ROLE(MOVER) | ROLE(FOLDER) | ROLE(SEALER)},
    {"sekisho.db-shm", SANDBOX_WRITE, ROLE(WEB) | ROLE(MOVER) | ROLE(FOLDER) | ROLE(SEALER)},
    {"blobs", SANDBOX_WRITE, ROLE(WEB) | ROLE(MOVER) | ROLE(FOLDER)},
    {"keys/blob.key", SANDBOX_READ, ROLE(WEB) | ROLE(MOVER) | ROLE(FOLDER)},
    {"keys", SANDBOX_WRITE, ROLE(SEALER)},
    {"journal", SANDBOX_READ, ROLE(WEB)},
    {"journal", SANDBOX_WRITE, ROLE(SEALER)},
};

int serve_lock_in(const struct serve_orders *orders, struct sandbox_service service,
                  struct error *error)
{
    enum { PLACES = sizeof places / sizeof *places };
    struct buffer names[PLACES] = {0};
    struct sandbox_path paths[PLACES + 1 + SERVE_PLACES];
    size_t count = 0;
    for (size_t i = 0; i < PLACES; i++) {
        if (!(places[i].roles & 1U << orders->role))
            continue;
        store_append_path(&names[i], orders->settings.directory, places[i].inside);
        paths[count++] = (struct sandbox_path){buffer_string(&names[i]), places[i].access};
    }
    paths[count++] = (struct sandbox_path){"/dev/urandom", SANDBOX_READ};
    for (size_t i = 0; i < service.path_count && i < SERVE_PLACES; i++)
        paths[count++] = service.paths[i];
    service.paths = paths;
    service.path_count = count;
    int result = sandbox_enter_service(&service, error);
    for (size_t i = 0; i < PLACES; i++)
        buffer_free(&names[i]);
    return result;
}

unsigned serve_channel_count(const struct serve_settings *settings, enum serve_role role)
{
    return serve_roles[role].asked == SERVE_ASKED_BY_ZONE  ? settings->zone_count
           : serve_roles[role].asked == SERVE_ASKED_BY_ALL ? 1
                                                           : 0;
}

bool serve_stops(const struct serve_orders *orders, int milliseconds)
{
    struct pollfd signals = {orders->signals, POLLIN, 0};
    return poll(&signals, 1, milliseconds) > 0;
}

/* The next descriptor of a frame, which is taken out of it; -1 when there is none. */
static int take_descriptor(struct ipc_frame *frame, size_t *next)
{
    if (*next >= frame->descriptor_count)
        return -1;
    int taken = frame->descriptors[*next];
    frame->descriptors[(*next)++] = -1;
    return taken;
}

/* As the supervisor sends them: role, zone; wake, listening socket, channels. */
static int receive_orders(struct serve_orders *orders, struct error *error)
{
    struct ipc_frame frame = {0};
    struct serve_settings *settings = &orders->settings;
    size_t next = 0;
    if (serve_settings_receive(settings, SERVE_SOCKET, error) != 0 ||
        ipc_receive(SERVE_SOCKET, &frame, error) != 1)
        return error_set(error, "ipc_failed", NULL, "%s", "orders");
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame.message));
    orders->role = ipc_take_u8(&reader);
    uint32_t zone = ipc_take_u32(&reader);
    bool whole = ipc_finished(&reader) && orders->role < SERVE_ROLES;
    bool per_zone = whole && serve_roles[orders->role].per_zone;
    whole = whole && (!per_zone || zone < settings->zone_count);
    orders->wake = take_descriptor(&frame, &next);
    if (whole && per_zone) {
        orders->zone = &settings->zones[zone];
        settings->zones[zone].listening = take_descriptor(&frame, &next);
    }
    for (size_t i = 0; i < SERVE_ZONES; i++) {
        bool there = whole && (per_zone ? i < SERVE_ROLES && serve_roles[i].asked
                                        : i < serve_channel_count(settings, orders->role));
        orders->channels[i] = there ? take_descriptor(&frame, &next) : -1;
    }
    whole = whole && next == frame.descriptor_count;
    ipc_frame_clear(&frame);
    return whole ? 0 : error_set(error, "ipc_failed", NULL, "%s", "orders");
}

int serve_role_main(int argc, char **argv)
{
    static struct serve_orders orders;
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
    orders.signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    int result =
        receive_orders(&orders, &error) ? -1 : serve_roles[orders.role].run(&orders, &error);
    if (result == 0 || result == SERVE_OVER)
        return result == 0 ? COMMAND_DONE : SERVE_OVER_STATUS;
    const char *role = orders.role < SERVE_ROLES ? serve_roles[orders.role].name : "unknown";
    serve_log_error(role, orders.zone ? orders.zone->id : NULL, &error);
    return COMMAND_FAILED;
}
