/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warming up, isolating, forking workers and telling the pool how they ended. */
#include "disarm/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

enum { ZYGOTE_FAILED = 3 };

struct child {
    pid_t process;
    uint64_t number; /* of its task */
};

struct zygote {
    worker_body *body;
    struct sandbox *sandbox;
    int signals; /* signalfd for SIGCHLD */
    struct child *children;
    size_t child_count, child_capacity;
};

/* The first frame: an empty string when ready, or why not. */
static int send_readiness(const struct error *reason)
{
    AUTO_BUFFER message = {0};
    ipc_put_string(&message, reason->code);
    ipc_put_string(&message, reason->where);
    ipc_put_string(&message, reason->detail);
    return ipc_send(ZYGOTE_SOCKET, buffer_bytes(&message), NULL, 0, NULL);
}

static int send_event(const struct task_event *event, const int *descriptor)
{
    AUTO_BUFFER message = {0};
    task_event_encode(event, &message);
    return ipc_send(ZYGOTE_SOCKET, buffer_bytes(&message), descriptor, descriptor ? 1 : 0, NULL);
}

static void remember_child(struct zygote *zygote, pid_t process, uint64_t number)
{
    if (zygote->child_count == zygote->child_capacity) {
        zygote->child_capacity = zygote->child_capacity ? zygote->child_capacity * 2 : 16;
        zygote->children =
            memory_resize(zygote->children, zygote->child_capacity, sizeof *zygote->children);
    }
    zygote->children[zygote->child_count++] = (struct child){process, number};
}

/* Forks a worker for the task. 0, or -1 when the pool is gone. */
static int start_worker(struct zygote *zygote, const struct task *task,
                        const int descriptors[static TASK_DESCRIPTORS])
{
    struct task_event event = {.number = task->number, .kind = TASK_STARTED};
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        worker_run(zygote->sandbox, zygote->body, task, descriptors);
    }
    if (process < 0) {
        event.kind = TASK_ENDED;
        event.status = WORKER_NOT_SANDBOXED;
        return send_event(&event, NULL);
    }
    remember_child(zygote, process, task->number);
    int handle = (int)syscall(SYS_pidfd_open, process, 0);
    int result = send_event(&event, handle >= 0 ? &handle : NULL);
    if (handle >= 0)
        close(handle);
    return result;
}

/* Takes one task from the socket. 0, or -1 when the pool is gone or talks nonsense. */
static int serve_task(struct zygote *zygote)
{
    struct ipc_frame frame = {0};
    struct task task;
    int result = -1;
    if (ipc_receive(ZYGOTE_SOCKET, &frame, NULL) == 1 &&
        !task_decode(buffer_bytes(&frame.message), &task, NULL)) {
        if (frame.descriptor_count == TASK_DESCRIPTORS)
            result = start_worker(zygote, &task, frame.descriptors);
        task_clear(&task);
    }
    if (frame.message.length)
        explicit_bzero(frame.message.data, frame.message.length);
    ipc_frame_clear(&frame);
    return result;
}

static uint64_t microseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

/* Collects every worker that ended and tells the pool. 0, or -1 when the pool is gone. */
static int reap_workers(struct zygote *zygote)
{
    struct signalfd_siginfo information;
    while (read(zygote->signals, &information, sizeof information) > 0)
        continue;
    int status, result = 0;
    struct rusage usage;
    pid_t process;
    while ((process = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        for (size_t i = 0; i < zygote->child_count; i++) {
            if (zygote->children[i].process != process)
                continue;
            struct task_event event = {
                .number = zygote->children[i].number,
                .kind = TASK_ENDED,
                .signal = WIFSIGNALED(status) ? (uint32_t)WTERMSIG(status) : 0,
                .status = WIFEXITED(status) ? (uint32_t)WEXITSTATUS(status) : 0,
                .peak_bytes = (uint64_t)usage.ru_maxrss * 1024,
                .cpu_us = microseconds(usage.ru_utime) + microseconds(usage.ru_stime),
            };
            zygote->children[i] = zygote->children[--zygote->child_count];
            result |= send_event(&event, NULL);
            break;
        }
    }
    return result;
}

/* Serves until the pool is gone. As process 1 of its namespace, its end is the end of all. */
static int serve(struct zygote *zygote)
{
    struct pollfd watched[] = {{ZYGOTE_SOCKET, POLLIN, 0}, {zygote->signals, POLLIN, 0}};
    for (;;) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR)
            return ZYGOTE_FAILED;
        if (watched[1].revents && reap_workers(zygote))
            return 0;
        if (watched[0].revents && serve_task(zygote))
            return 0;
    }
}

/* Every descriptor number a worker uses is taken, so that nothing else lands there. */
static int hold_descriptors(struct error *error)
{
    int null;
    do {
        null = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null < 0)
            return error_set_errno(error, "sandbox_failed", "/dev/null");
    } while (null < WORKER_FIRST_CLOSED);
    close(null);
    return 0;
}

static int open_signals(struct zygote *zygote, struct error *error)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    zygote->signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    return zygote->signals < 0 ? error_set_errno(error, "sandbox_failed", "signalfd") : 0;
}

/* The life of the inner process, the one that forks workers. */
static int live(struct zygote *zygote)
{
    struct error error = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    int failed = open_signals(zygote, &error);
    if (send_readiness(&error) || failed)
        return ZYGOTE_FAILED;
    return serve(zygote);
}

static int prepare(struct zygote *zygote, struct error *error)
{
    if (hold_descriptors(error) || format_warm(!getenv(ZYGOTE_LEAN), error))
        return -1;
    malloc_trim(0);
    zygote->sandbox = sandbox_prepare(error);
    return zygote->sandbox ? sandbox_isolate(error) : -1;
}

int zygote_run(worker_body *body)
{
    struct zygote zygote = {.body = body};
    struct error error = {0};
    if (prepare(&zygote, &error)) {
        send_readiness(&error);
        return ZYGOTE_FAILED;
    }
    pid_t inner = fork();
    if (inner == 0)
        _exit(live(&zygote));
    close(ZYGOTE_SOCKET);
    int status = 0;
    while (inner > 0 && waitpid(inner, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : ZYGOTE_FAILED;
}
