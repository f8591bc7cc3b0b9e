/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting and ending a zygote. */
#include "disarm/zygote_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "disarm/zygote.h"

enum {
    START_TIMEOUT_MS = 30000,
    NOT_STARTED = 127,
};

#if defined(__SANITIZE_ADDRESS__)
#define KEEPS_STANDARD_ERROR 1 /* for the sanitizer's reports */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEPS_STANDARD_ERROR 1
#endif
#endif
#ifndef KEEPS_STANDARD_ERROR
#define KEEPS_STANDARD_ERROR 0
#endif

/* In the child, between fork and exec: only calls that are safe after fork in a threaded program.
 */
static _Noreturn void become_zygote(const char *program, bool lean, int socket)
{
    char name[] = ZYGOTE_NAME;
    char *arguments[] = {name, NULL};
    char zone[] = "TZ=UTC", locale[] = "LC_ALL=C", bind[] = "LD_BIND_NOW=1";
    char kind[] = ZYGOTE_LEAN "=1";
    char *environment[] = {zone, locale, bind, lean ? kind : NULL, NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR);
    int kept = fcntl(socket, F_DUPFD, 16);
    if (null < 0 || kept < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
        (!KEEPS_STANDARD_ERROR && dup2(null, 2) < 0) || dup2(kept, ZYGOTE_SOCKET) < 0 ||
        close_range(ZYGOTE_SOCKET + 1, ~0U, 0))
        _exit(NOT_STARTED);
    execve(program, arguments, environment);
    _exit(NOT_STARTED);
}

/* Waits for the first frame: a NULL code when ready, or why not. */
static int await_readiness(int socket, struct error *error)
{
    struct pollfd watched = {socket, POLLIN, 0};
    struct ipc_frame frame = {0};
    int ready;
    do {
        ready = poll(&watched, 1, START_TIMEOUT_MS);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0 || ipc_receive(socket, &frame, NULL) != 1) {
        ipc_frame_clear(&frame);
        return error_set(error, "sandbox_failed", "zygote", "%s", "");
    }
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame.message));
    struct error reason = {0};
    AUTO_FREE char *code = ipc_take_string(&reader, sizeof reason.where);
    ipc_take_text(&reader, reason.where, sizeof reason.where);
    ipc_take_text(&reader, reason.detail, sizeof reason.detail);
    bool whole = ipc_finished(&reader);
    ipc_frame_clear(&frame);
    if (whole && !code)
        return 0;
    const char *known = message_known("error", code);
    return error_set(error, known ? known : "sandbox_failed", reason.where, "%s", reason.detail);
}

int zygote_link_start(struct zygote_link *link, const char *program, bool lean,
                      struct error *error)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
        return error_set_errno(error, "sandbox_failed", "socketpair");
    link->process = fork();
    if (link->process == 0)
        become_zygote(program, lean, sockets[1]);
    close(sockets[1]);
    link->socket = sockets[0];
    link->handle = link->process > 0 ? (int)syscall(SYS_pidfd_open, link->process, 0) : -1;
    if (link->process < 0) {
        link->process = 0;
        error_set_errno(error, "sandbox_failed", "fork");
    } else if (!await_readiness(link->socket, error)) {
        return 0;
    }
    zygote_link_stop(link);
    return -1;
}

int zygote_link_send(const struct zygote_link *link, const struct task *task,
                     const int descriptors[static TASK_DESCRIPTORS], struct error *error)
{
    AUTO_BUFFER message = {0};
    if (link->socket < 0)
        return error_set(error, "ipc_failed", NULL, "%s", "");
    task_encode(task, &message);
    int result =
        ipc_send(link->socket, buffer_bytes(&message), descriptors, TASK_DESCRIPTORS, error);
    explicit_bzero(message.data, message.length);
    return result;
}

void zygote_link_stop(struct zygote_link *link)
{
    if (link->socket >= 0)
        close(link->socket);
    link->socket = -1;
    if (link->process > 0) {
        if (link->handle >= 0)
            syscall(SYS_pidfd_send_signal, link->handle, SIGKILL, NULL, 0);
        else
            kill(link->process, SIGKILL);
        while (waitpid(link->process, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    if (link->process > 0 && link->handle >= 0)
        close(link->handle);
    link->process = 0;
    link->handle = -1;
}
