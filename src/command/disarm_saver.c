/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short queue and a few threads. */
#include "command/disarm_saver.h"

#include <pthread.h>
#include <signal.h>

#include "base/memory.h"

enum {
    THREADS = 4,
    WAITING_MAX = 16, /* results held in memory for the disk */
};

struct saver {
    saver_work *work;
    void *context;
    pthread_t threads[THREADS];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct disarm_result *waiting[WAITING_MAX];
    size_t first, count;
    bool ending;
};

/* The next result, or NULL at the end. */
static struct disarm_result *take(struct saver *saver)
{
    struct disarm_result *result = NULL;
    pthread_mutex_lock(&saver->lock);
    while (!saver->count && !saver->ending)
        pthread_cond_wait(&saver->changed, &saver->lock);
    if (saver->count) {
        result = saver->waiting[saver->first];
        saver->first = (saver->first + 1) % WAITING_MAX;
        saver->count--;
        pthread_cond_broadcast(&saver->changed);
    }
    pthread_mutex_unlock(&saver->lock);
    return result;
}

static void *run(void *context)
{
    struct saver *saver = context;
    struct disarm_result *result;
    while ((result = take(saver)))
        saver->work(saver->context, result);
    return NULL;
}

struct saver *saver_start(saver_work *work, void *context)
{
    struct saver *saver = memory_allocate(1, sizeof *saver);
    sigset_t all, before;
    saver->work = work;
    saver->context = context;
    pthread_mutex_init(&saver->lock, NULL);
    pthread_cond_init(&saver->changed, NULL);
    /* signals that end the program are the main thread's: it lets what is being saved be saved */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&saver->threads[i], NULL, run, saver))
            memory_exhausted();
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return saver;
}

void saver_put(struct saver *saver, struct disarm_result *result)
{
    pthread_mutex_lock(&saver->lock);
    while (saver->count == WAITING_MAX)
        pthread_cond_wait(&saver->changed, &saver->lock);
    saver->waiting[(saver->first + saver->count++) % WAITING_MAX] = result;
    pthread_cond_broadcast(&saver->changed);
    pthread_mutex_unlock(&saver->lock);
}

void saver_finish(struct saver *saver)
{
    pthread_mutex_lock(&saver->lock);
    saver->ending = true;
    pthread_cond_broadcast(&saver->changed);
    pthread_mutex_unlock(&saver->lock);
    for (int i = 0; i < THREADS; i++)
        pthread_join(saver->threads[i], NULL);
    pthread_cond_destroy(&saver->changed);
    pthread_mutex_destroy(&saver->lock);
    free(saver);
}
