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

#include "base/error.h"
#include "base/file.h"
#include "base/ipc.h"
#include "base/json.h"
#include "base/time.h"
#include "command/command.h"
#include "command/serve.h"

enum {
    CHILDREN = SERVE_ZONES + SERVE_ROLES,
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

/* Pipe and channels stay ours too and outlive every child: what was sent to a child that died is
 * there for the next one, and nobody has to be told of new ones. */
struct supervisor {
    const struct serve_settings *settings;
    struct child children[CHILDREN];
    size_t count;
    int wake[2];                               /* to the mover: read, write */
    int channels[SERVE_ROLES][SERVE_ZONES][2]; /* of a role: the asking end, its own */
};

static const char *role_name(enum serve_role role)
{
    return serve_roles[role].name;
}

static void begin_line(struct json_writer *json, const char *event, const char *role,
                       const char *zone)
{
    AUTO_BUFFER moment = {0};
    time_append_utc(&moment, time_now());
    json_begin_object(json);
    json_member_string(json, "time", buffer_string(&moment));
    json_member_string(json, "event", event);
    if (role)
        json_member_string(json, "role", role);
    if (zone)
        json_member_string(json, "zone", zone);
}

static void end_line(struct json_writer *json, struct buffer *line)
{
    json_end_object(json);
    buffer_append_byte(line, '\n');
    (void)!write(STDERR_FILENO, line->data, line->length);
}

void serve_log(const char *event, const char *role, const char *zone, long number)
{
    AUTO_BUFFER line = {0};
    struct json_writer json = json_writer_open(&line);
    begin_line(&json, event, role, zone);
    json_key(&json, "number");
    json_signed(&json, number);
    end_line(&json, &line);
}

void serve_log_error(const char *role, const char *zone, const struct error *error)
{
    AUTO_BUFFER line = {0}, sentence = {0};
    struct json_writer json = json_writer_open(&line);
    message_append_error(&sentence, LANGUAGE_EN, error);
    begin_line(&json, "failed", role, zone);
    json_member_string(&json, "error", error->code ? error->code : "");
    json_member_string(&json, "message", buffer_string(&sentence));
    end_line(&json, &line);
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

/* The two ends between the web process of a zone and a role. */
static const int *channel_of(const struct supervisor *supervisor, size_t role, size_t zone)
{
    return supervisor->channels[role][serve_roles[role].asked == SERVE_ASKED_BY_ZONE ? zone : 0];
}

/* Settings, then role and zone with the descriptors, as receive_orders (serve_role.c) takes them.
 */
static int send_orders(const struct supervisor *supervisor, const struct child *child)
{
    AUTO_BUFFER message = {0};
    const struct serve_settings *settings = supervisor->settings;
    size_t zone = child->zone ? (size_t)(child->zone - settings->zones) : 0;
    int descriptors[IPC_DESCRIPTORS];
    size_t count = 0;
    descriptors[count++] = supervisor->wake[child->role != SERVE_MOVER];
    if (child->zone) {
        descriptors[count++] = child->zone->listening;
        for (size_t i = 0; i < SERVE_ROLES; i++)
            if (serve_roles[i].asked)
                descriptors[count++] = channel_of(supervisor, i, zone)[0];
    }
    for (size_t i = 0; !child->zone && i < serve_channel_count(settings, child->role); i++)
        descriptors[count++] = supervisor->channels[child->role][i][1];
    ipc_put_u8(&message, (uint8_t)child->role);
    ipc_put_u32(&message, (uint32_t)zone);
    return serve_settings_send(settings, child->socket, NULL) == 0
               ? ipc_send(child->socket, buffer_bytes(&message), descriptors, count, NULL)
               : -1;
}

static void start_child(const struct supervisor *supervisor, struct child *child)
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
    if (child->process <= 0 || send_orders(supervisor, child) != 0)
        child->start_at = child->started + TIME_SECOND;
    serve_log("started", role_name(child->role), child->zone ? child->zone->id : NULL,
              (long)child->process);
}

/* A child that is over is not started again; nobody waits at the door of its zone. */
static void close_door(struct child *child)
{
    child->start_at = INT64_MAX;
    if (child->zone)
        shutdown(child->zone->listening, SHUT_RDWR);
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
            if (WIFEXITED(status) && WEXITSTATUS(status) == SERVE_OVER_STATUS)
                close_door(child);
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

/* The children that there are to be. */
static void list_children(struct supervisor *supervisor)
{
    const struct serve_settings *settings = supervisor->settings;
    for (size_t role = 0; role < SERVE_ROLES; role++) {
        bool wanted = !serve_roles[role].wanted || serve_roles[role].wanted(settings);
        unsigned processes = !wanted ? 0 : serve_roles[role].per_zone ? settings->zone_count : 1;
        for (unsigned i = 0; i < processes; i++)
            supervisor->children[supervisor->count++] =
                (struct child){.role = (enum serve_role)role,
                               .zone = serve_roles[role].per_zone ? &settings->zones[i] : NULL,
                               .socket = -1};
    }
}

static bool open_channels(struct supervisor *supervisor)
{
    bool opened = pipe2(supervisor->wake, O_CLOEXEC | O_NONBLOCK) == 0;
    for (unsigned role = 0; role < SERVE_ROLES; role++) {
        int blocks = serve_roles[role].asked == SERVE_ASKED_BY_ZONE ? SOCK_NONBLOCK : 0;
        for (unsigned i = 0; i < serve_channel_count(supervisor->settings, role); i++)
            opened &= socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | blocks, 0,
                                 supervisor->channels[role][i]) == 0;
    }
    return opened;
}

static void watch_children(struct supervisor *supervisor, const sigset_t *signals)
{
    for (;;) {
        int64_t now = time_now();
        for (size_t i = 0; i < supervisor->count; i++) {
            struct child *child = &supervisor->children[i];
            if (!child->process && child->start_at <= now)
                start_child(supervisor, child);
        }
        int number = await_signal(signals);
        if (number == SIGTERM || number == SIGINT)
            return;
        reap(supervisor->children, supervisor->count);
    }
}

int serve_supervise(const struct serve_settings *settings)
{
    static struct supervisor supervisor;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    supervisor.settings = settings;
    if (!open_channels(&supervisor)) {
        serve_log("channels failed", NULL, NULL, errno);
        return COMMAND_FAILED;
    }
    list_children(&supervisor);
    watch_children(&supervisor, &signals);
    serve_log("stopping", NULL, NULL, 0);
    stop_all(supervisor.children, supervisor.count, &signals);
    serve_log("stopped", NULL, NULL, 0);
    return COMMAND_DONE;
}
