/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool: which file gets a worker when, time limits, and a zygote that can die. */
#include "disarm/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "disarm/pool_job.h"
#include "disarm/zygote.h"
#include "disarm/zygote_link.h"

/* A list of jobs, first in first out. */
struct queue {
    struct pool_job *first, **last;
    size_t count;
};

/* What a zygote has loaded. */
enum kind {
    LEAN, /* no renderer */
    FULL,
    KINDS,
};

struct disarm_pool {
    struct zygote_link zygotes[KINDS]; /* a lean pool starts FULL with the first file for it; any
                                          other has FULL alone */
    char *program;
    unsigned workers;
    bool one_zygote, lean;
    uint64_t last_number;
    struct queue waiting, running, finished;
    int descriptor; /* epoll over the three below */
    int timer;      /* the earliest deadline */
    int ready;      /* eventfd: counts as readable while something is finished */
    int null;
};

static void queue_put(struct queue *queue, struct pool_job *job)
{
    if (!queue->first)
        queue->last = &queue->first;
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
    queue->count++;
}

/* Takes out the job behind *place. */
static struct pool_job *queue_take(struct queue *queue, struct pool_job **place)
{
    struct pool_job *job = *place;
    *place = job->next;
    if (!job->next)
        queue->last = place;
    queue->count--;
    return job;
}

static void watch(struct disarm_pool *pool, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(pool->descriptor, EPOLL_CTL_ADD, descriptor, &event))
        memory_exhausted();
}

static void finish(struct disarm_pool *pool, struct pool_job *job)
{
    uint64_t one = 1;
    queue_put(&pool->finished, job);
    if (write(pool->ready, &one, sizeof one) != sizeof one)
        return; /* the counter is not at its end after 2^64 files */
}

static void set_timer(struct disarm_pool *pool)
{
    uint64_t earliest = 0;
    for (struct pool_job *job = pool->running.first; job; job = job->next) {
        if (!earliest || job->deadline_us < earliest)
            earliest = job->deadline_us;
    }
    struct itimerspec time = {
        .it_value = {(time_t)(earliest / 1000000), (long)(earliest % 1000000) * 1000}};
    timerfd_settime(pool->timer, TFD_TIMER_ABSTIME, &time, NULL);
}

static enum kind first_kind(const struct disarm_pool *pool)
{
    return pool->lean ? LEAN : FULL;
}

/* Which zygote works on a job. */
static enum kind kind_of(const struct disarm_pool *pool, const struct pool_job *job)
{
    return job->renders ? FULL : first_kind(pool);
}

static int start_zygote(struct disarm_pool *pool, enum kind kind, struct error *error)
{
    struct zygote_link *link = &pool->zygotes[kind];
    if (zygote_link_start(link, pool->program, kind == LEAN, error))
        return -1;
    watch(pool, link->socket);
    return 0;
}

/* A zygote is gone, or not there yet: what it was working on is refused, and one is started. */
static void replace_zygote(struct disarm_pool *pool, enum kind kind)
{
    struct error reason;
    zygote_link_stop(&pool->zygotes[kind]);
    for (struct pool_job **place = &pool->running.first; *place;) {
        if (kind_of(pool, *place) != kind) {
            place = &(*place)->next;
            continue;
        }
        struct pool_job *job = queue_take(&pool->running, place);
        error_set(&reason, job->timed_out ? "limit_time" : "worker_killed",
                  task_stage_name(job->task.stage), "%s", "zygote");
        pool_job_refuse(job, &reason);
        finish(pool, job);
    }
    if (!pool->one_zygote)
        start_zygote(pool, kind, NULL);
}

/* Sends the current stage of a job to its zygote. 0, or -1 when that is gone. */
static int send_task(struct disarm_pool *pool, struct pool_job *job,
                     const int descriptors[static TASK_DESCRIPTORS])
{
    job->task.number = ++pool->last_number;
    job->deadline_us = pool_now_us() + job->task.options.limits.time_ms * 1000;
    return zygote_link_send(&pool->zygotes[kind_of(pool, job)], &job->task, descriptors, NULL);
}

/* Starts the current stage of a job that is in no list. */
static void start(struct disarm_pool *pool, struct pool_job *job)
{
    int descriptors[TASK_DESCRIPTORS];
    if (pool_job_prepare(job, pool->null, descriptors)) {
        finish(pool, job);
        return;
    }
    int sent = send_task(pool, job, descriptors);
    if (sent) {
        replace_zygote(pool, kind_of(pool, job));
        sent = send_task(pool, job, descriptors);
    }
    if (!sent) {
        queue_put(&pool->running, job);
        return;
    }
    struct error reason;
    error_set(&reason, "sandbox_failed", task_stage_name(job->task.stage), "%s", "zygote");
    pool_job_refuse(job, &reason);
    finish(pool, job);
}

static void start_waiting(struct disarm_pool *pool)
{
    while (pool->waiting.first && pool->running.count < pool->workers)
        start(pool, queue_take(&pool->waiting, &pool->waiting.first));
    set_timer(pool);
}

static struct pool_job **find_running(struct disarm_pool *pool, uint64_t number)
{
    struct pool_job **place = &pool->running.first;
    while (*place && (*place)->task.number != number)
        place = &(*place)->next;
    return *place ? place : NULL;
}

static void on_event(struct disarm_pool *pool, const struct task_event *event,
                     struct ipc_frame *frame)
{
    struct pool_job **place = find_running(pool, event->number);
    if (!place)
        return;
    if (event->kind == TASK_STARTED) {
        if (frame->descriptor_count == 1) {
            (*place)->process = frame->descriptors[0];
            frame->descriptors[0] = -1;
        }
        return;
    }
    struct pool_job *job = queue_take(&pool->running, place);
    if (pool_job_advance(job, event))
        finish(pool, job);
    else
        start(pool, job);
}

static bool readable(int descriptor)
{
    struct pollfd watched = {descriptor, POLLIN, 0};
    return descriptor >= 0 && poll(&watched, 1, 0) > 0;
}

static void read_events(struct disarm_pool *pool, enum kind kind)
{
    struct ipc_frame frame = {0};
    while (readable(pool->zygotes[kind].socket)) {
        struct task_event event;
        if (ipc_receive(pool->zygotes[kind].socket, &frame, NULL) != 1 ||
            task_event_decode(buffer_bytes(&frame.message), &event, NULL)) {
            replace_zygote(pool, kind);
            break;
        }
        on_event(pool, &event, &frame);
    }
    ipc_frame_clear(&frame);
}

/* Kills every worker whose time is over; its end comes as an event. */
static void enforce_deadlines(struct disarm_pool *pool)
{
    uint64_t now = pool_now_us();
    bool lost[KINDS] = {false};
    for (struct pool_job *job = pool->running.first; job; job = job->next) {
        if (job->deadline_us > now)
            continue;
        job->timed_out = true;
        job->deadline_us = now + 1000000; /* when its end does not come, the zygote has to go */
        if (job->process < 0 ||
            (syscall(SYS_pidfd_send_signal, job->process, SIGKILL, NULL, 0) != 0 && errno != ESRCH))
            lost[kind_of(pool, job)] = true;
    }
    for (enum kind kind = LEAN; kind < KINDS; kind++)
        if (lost[kind])
            replace_zygote(pool, kind);
}

static void work(struct disarm_pool *pool)
{
    uint64_t expirations;
    if (read(pool->timer, &expirations, sizeof expirations) > 0)
        enforce_deadlines(pool);
    for (enum kind kind = LEAN; kind < KINDS; kind++)
        read_events(pool, kind);
    start_waiting(pool);
}

static unsigned processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set))
        return 1;
    return (unsigned)CPU_COUNT(&set);
}

struct disarm_pool *disarm_pool_start(const struct disarm_pool_options *options,
                                      struct error *error)
{
    struct disarm_pool *pool = memory_allocate(1, sizeof *pool);
    const char *program = options && options->program ? options->program : "/proc/self/exe";
    for (enum kind kind = LEAN; kind < KINDS; kind++)
        pool->zygotes[kind] = (struct zygote_link){.handle = -1, .socket = -1};
    pool->program = memory_copy_string(program, strlen(program));
    pool->one_zygote = options && options->one_zygote;
    pool->lean = options && options->lean && !pool->one_zygote;
    pool->workers = options && options->workers ? options->workers : processors();
    pool->descriptor = epoll_create1(EPOLL_CLOEXEC);
    pool->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    pool->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    pool->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (pool->descriptor < 0 || pool->timer < 0 || pool->ready < 0 || pool->null < 0) {
        error_set_errno(error, "sandbox_failed", "pool");
    } else if (!start_zygote(pool, first_kind(pool), error)) {
        watch(pool, pool->timer);
        watch(pool, pool->ready);
        return pool;
    }
    disarm_pool_stop(pool);
    return NULL;
}

static void empty_queue(struct queue *queue)
{
    while (queue->first)
        pool_job_close(queue_take(queue, &queue->first));
}

void disarm_pool_stop(struct disarm_pool *pool)
{
    if (!pool)
        return;
    for (enum kind kind = LEAN; kind < KINDS; kind++)
        zygote_link_stop(&pool->zygotes[kind]);
    empty_queue(&pool->waiting);
    empty_queue(&pool->running);
    empty_queue(&pool->finished);
    const int descriptors[] = {pool->descriptor, pool->timer, pool->ready, pool->null};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++) {
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    }
    free(pool->program);
    free(pool);
}

int disarm_pool_descriptor(const struct disarm_pool *pool)
{
    return pool->descriptor;
}

unsigned disarm_pool_workers(const struct disarm_pool *pool)
{
    return pool->workers;
}

bool disarm_pool_lost(const struct disarm_pool *pool)
{
    return pool->zygotes[first_kind(pool)].socket < 0;
}

size_t disarm_pool_pending(const struct disarm_pool *pool)
{
    return pool->waiting.count + pool->running.count + pool->finished.count;
}

static void submit(struct disarm_pool *pool, struct pool_job *job)
{
    if (pool_job_finished(job)) {
        finish(pool, job);
        return;
    }
    queue_put(&pool->waiting, job);
    start_waiting(pool);
}

void disarm_pool_submit(struct disarm_pool *pool, int input, const char *name,
                        const struct disarm_options *options, void *context)
{
    submit(pool, pool_job_open(input, name, TASK_REBUILD, options, context));
}

void disarm_pool_submit_preview(struct disarm_pool *pool, int input, const char *name,
                                const struct disarm_options *options, void *context)
{
    submit(pool, pool_job_open(input, name, TASK_PREVIEW, options, context));
}

void disarm_pool_submit_print(struct disarm_pool *pool, int input,
                              const struct disarm_options *options, void *context)
{
    submit(pool, pool_job_open(input, NULL, TASK_PRINT, options, context));
}

struct disarm_result *disarm_pool_next(struct disarm_pool *pool, bool wait)
{
    work(pool);
    while (wait && !pool->finished.first && disarm_pool_pending(pool)) {
        struct pollfd watched = {pool->descriptor, POLLIN, 0};
        if (poll(&watched, 1, -1) < 0)
            return NULL;
        work(pool);
    }
    if (!pool->finished.first)
        return NULL;
    uint64_t one;
    if (read(pool->ready, &one, sizeof one) < 0)
        return NULL;
    return pool_job_take_result(queue_take(&pool->finished, &pool->finished.first));
}

pid_t disarm_pool_zygote(const struct disarm_pool *pool)
{
    return pool->zygotes[first_kind(pool)].process;
}

bool disarm_pool_renders(const struct disarm_pool *pool)
{
    return pool->zygotes[FULL].socket >= 0;
}

int disarm_zygote_main(int argc, char **argv)
{
    if (argc < 1 || strcmp(argv[0], ZYGOTE_NAME))
        return -1;
    return zygote_run(worker_disarm);
}
