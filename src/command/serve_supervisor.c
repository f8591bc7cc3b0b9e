/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parent of all processes: starts them, starts them again, ends them. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ipc.h"
#include "base/json.h"
#include "base/time.h"
#include "command/command.h"
#include "command/serve.h"

enum {
    CHILDREN = SERVE_ZONES + 3,
    NOT_STARTED = 127,
    BACKLOG = 256,
    PORTS_TRIED = 100,
    BACK_OFF_MOST = 60, /* seconds between two starts of a child that keeps ending */
    STOP_PATIENCE = 10, /* seconds until a child that does not end is killed */
};

struct child {
    enum serve_role role;
    const struct serve_zone *zone; /* NULL: of the whole organization */
    pid_t process;                 /* 0: not running */
    int socket;                    /* our end; closed with us */
    int64_t started, start_at;     /* moments */
    unsigned back_off;             /* seconds */
};

/* Sockets between children, open here for good: what is asked while one starts anew waits in them.
 */
struct links {
    int renderer[2]; /* the renderer's end, and the one of all who ask it */
};

static const char *role_name(enum serve_role role)
{
    static const char *const names[SERVE_ROLES] = {"sealer", "mover", "renderer", "web"};
    return names[role];
}

void serve_log(const char *event, const char *role, const char *zone, long number)
{
    AUTO_BUFFER line = {0}, moment = {0};
    struct json_writer json = json_writer_open(&line);
    time_append_utc(&moment, time_now());
    json_begin_object(&json);
    json_member_string(&json, "time", buffer_string(&moment));
    json_member_string(&json, "event", event);
    if (role)
        json_member_string(&json, "role", role);
    if (zone)
        json_member_string(&json, "zone", zone);
    json_key(&json, "number");
    json_signed(&json, number);
    json_end_object(&json);
    buffer_append_byte(&line, '\n');
    (void)!write(STDERR_FILENO, line.data, line.length);
}

/* ---- listening ---- */

static int bind_to(const struct serve_zone *zone, unsigned port)
{
    bool six = strchr(zone->host, ':') != NULL;
    struct sockaddr_in6 address6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    struct sockaddr_in address4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const struct sockaddr *address = six ? (const void *)&address6 : (const void *)&address4;
    int yes = 1;
    int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    inet_pton(six ? AF_INET6 : AF_INET, zone->host,
              six ? (void *)&address6.sin6_addr : (void *)&address4.sin_addr);
    if (fd >= 0 &&
        (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
         bind(fd, address, six ? sizeof address6 : sizeof address4) || listen(fd, BACKLOG)))
        file_close(&fd);
    return fd;
}

int serve_listen(struct serve_zone *zone, bool next, struct error *error)
{
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    AUTO_BUFFER where = {0};
    for (unsigned tried = 0; zone->listening < 0 && tried < (next ? PORTS_TRIED : 1); tried++)
        zone->listening = bind_to(zone, zone->port ? zone->port + tried : 0);
    buffer_append_format(&where, "%s:%u", zone->host, zone->port);
    if (zone->listening < 0 || getsockname(zone->listening, (void *)&name, &length))
        return error_set_errno(error, "listen_failed", buffer_string(&where));
    zone->port = ntohs(name.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&name)->sin6_port
                                                  : ((struct sockaddr_in *)&name)->sin_port);
    return 0;
}

/* ---- children ---- */

/* In the child, between fork and exec. */
static _Noreturn void become_role(int socket)
{
    char name[] = SERVE_ROLE_NAME, program[] = "/proc/self/exe";
    char *arguments[] = {name, NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int kept = fcntl(socket, F_DUPFD, 16);
    if (kept < 0 || dup2(kept, SERVE_SOCKET) < 0 || close_range(SERVE_SOCKET + 1, ~0U, 0))
        _exit(NOT_STARTED);
    execv(program, arguments);
    _exit(NOT_STARTED);
}

/* Descriptors as serve_role.c takes them; how many. */
static size_t choose_descriptors(const struct links *links, const struct child *child,
                                 int descriptors[IPC_DESCRIPTORS])
{
    if (child->role == SERVE_RENDERER)
        descriptors[0] = links->renderer[0];
    if (child->role != SERVE_WEB)
        return child->role == SERVE_RENDERER ? 1 : 0;
    descriptors[0] = links->renderer[1];
    descriptors[1] = child->zone->listening;
    return 2;
}

static int send_settings(const struct serve_settings *settings, const struct links *links,
                         const struct child *child)
{
    int descriptors[IPC_DESCRIPTORS];
    size_t count = choose_descriptors(links, child, descriptors);
    AUTO_BUFFER message = {0};
    static const struct serve_zone none;
    const struct serve_zone *zone = child->zone ? child->zone : &none;
    ipc_put_u8(&message, (uint8_t)child->role);
    ipc_put_string(&message, settings->directory);
    ipc_put_string(&message, settings->organization);
    ipc_put_u32(&message, settings->threads);
    ipc_put_u32(&message, settings->connections);
    ipc_put_u32(&message, settings->connections_per_address);
    ipc_put_u32(&message, settings->requests_per_second);
    ipc_put_string(&message, zone->id);
    ipc_put_string(&message, zone->name);
    ipc_put_string(&message, zone->origin);
    ipc_put_string(&message, zone->banner);
    ipc_put_string(&message, zone->certificate);
    ipc_put_string(&message, zone->key);
    return ipc_send(child->socket, buffer_bytes(&message), descriptors, count, NULL);
}

static void start_child(const struct serve_settings *settings, const struct links *links,
                        struct child *child)
{
    int sockets[2];
    child->started = time_now();
    child->start_at = INT64_MAX;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0) {
        child->process = fork();
        if (child->process == 0)
            become_role(sockets[1]);
        close(sockets[1]);
        child->socket = sockets[0];
    }
    if (child->process <= 0 || send_settings(settings, links, child) != 0)
        child->start_at = child->started + TIME_SECOND;
    serve_log("started", role_name(child->role), child->zone ? child->zone->id : NULL,
              (long)child->process);
}

/* Takes the children that ended; who ran for long starts again at once, others ever later. */
static void reap(struct child *children, size_t count)
{
    int status;
    pid_t process;
    while ((process = waitpid(-1, &status, WNOHANG)) > 0) {
        for (size_t i = 0; i < count; i++) {
            struct child *child = &children[i];
            if (child->process != process)
                continue;
            int64_t now = time_now();
            bool long_lived = now - child->started > BACK_OFF_MOST * TIME_SECOND;
            child->back_off = long_lived ? 1 : child->back_off ? child->back_off * 2 : 1;
            if (child->back_off > BACK_OFF_MOST)
                child->back_off = BACK_OFF_MOST;
            child->process = 0;
            file_close(&child->socket);
            child->start_at = now + child->back_off * TIME_SECOND;
            serve_log("ended", role_name(child->role), child->zone ? child->zone->id : NULL,
                      WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
        }
    }
}

static bool any_running(const struct child *children, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (children[i].process > 0)
            return true;
    return false;
}

static void signal_all(const struct child *children, size_t count, int number)
{
    for (size_t i = 0; i < count; i++)
        if (children[i].process > 0)
            kill(children[i].process, number);
}

/* Waits at most a second for one of the signals; its number, or -1. */
static int await_signal(const sigset_t *signals)
{
    const struct timespec second = {1, 0};
    return sigtimedwait(signals, NULL, &second);
}

/* Web processes first, so that the sealer seals what they still did. */
static void stop_all(struct child *children, size_t count, const sigset_t *signals)
{
    signal_all(children + 1, count - 1, SIGTERM);
    for (int i = 0; i < STOP_PATIENCE && any_running(children + 1, count - 1); i++) {
        await_signal(signals);
        reap(children, count);
    }
    signal_all(children, 1, SIGTERM);
    for (int i = 0; i < STOP_PATIENCE && any_running(children, count); i++) {
        await_signal(signals);
        reap(children, count);
    }
    signal_all(children, count, SIGKILL);
}

int serve_supervise(const struct serve_settings *settings)
{
    struct child children[CHILDREN] = {{.role = SERVE_SEALER, .socket = -1},
                                       {.role = SERVE_MOVER, .socket = -1},
                                       {.role = SERVE_RENDERER, .socket = -1}};
    struct links links = {{-1, -1}};
    size_t count = 3;
    sigset_t signals;
    for (unsigned i = 0; i < settings->zone_count; i++)
        children[count++] =
            (struct child){.role = SERVE_WEB, .zone = &settings->zones[i], .socket = -1};
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, links.renderer) != 0)
        serve_log("no_socket", "renderer", NULL, errno);
    for (;;) {
        int64_t now = time_now();
        for (size_t i = 0; i < count; i++)
            if (!children[i].process && children[i].start_at <= now)
                start_child(settings, &links, &children[i]);
        int number = await_signal(&signals);
        if (number == SIGTERM || number == SIGINT)
            break;
        reap(children, count);
    }
    serve_log("stopping", NULL, NULL, 0);
    stop_all(children, count, &signals);
    serve_log("stopped", NULL, NULL, 0);
    return COMMAND_DONE;
}
