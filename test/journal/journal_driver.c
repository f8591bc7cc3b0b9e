/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Not a test: drives a sealer from the command line, for the tests in Python.
 *
 *   journal_driver create BASE            makes BASE/journal, BASE/journal.key, .pub and .signed
 *   journal_driver seal BASE COUNT STEPS [QUORUM PREFIX=WITNESSKEY…]
 *                                         COUNT more entries, in STEPS checkpoints
 *   journal_driver rotate BASE            hands over to a new key
 *   journal_driver write BASE SEED        goes on for ever, in batches of many sizes
 *   journal_driver work BASE              a fixed piece of work, through segments and checkpoints
 *
 * Entry n says n, so that a test can tell which are there. Every time entries have become durable,
 * the number of the last one is written to standard output; `sealed N` follows a checkpoint.
 */
#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "command/witness_client.h"
#include "journal/entry.h"
#include "journal/key.h"
#include "journal/sealer.h"

#define ORIGIN "log.example/town"

struct feed {
    uint64_t available; /* entries 1 … available exist */
    uint64_t told;      /* last position written to standard output */
    size_t batch;
    struct buffer made[SEALER_BATCH_MAX];
};

static struct note_verifier witness_keys[SEALER_WITNESSES_MAX];
static const char *prefixes[SEALER_WITNESSES_MAX];

static int fail(const struct error *error)
{
    fprintf(stderr, "%s: %s: %s\n", error->code, error->where, error->detail);
    return 3;
}

/* One write call a line: a reader of the pipe sees whole lines, also after a kill. */
static void tell(const char *word, uint64_t number)
{
    char line[64];
    int length = snprintf(line, sizeof line, "%s%llu\n", word, (unsigned long long)number);
    if (write(STDOUT_FILENO, line, (size_t)length) != length)
        exit(4);
}

static int make_entry(struct buffer *out, uint64_t number, struct error *error)
{
    char object[400];
    const char *reason = getenv("JOURNAL_DRIVER_REASON"); /* makes another history */
    /* Lengths differ, so that frames and bundles do not all look alike. */
    snprintf(
        object, sizeof object, "thing/%llu/%.*s", (unsigned long long)number,
        (int)(number * 7919 % 300),
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    const struct journal_entry entry = {
        .sequence = number,
        .time = INT64_C(1795135386000) + (int64_t)number * 1000,
        .actor = number % 2 ? "関所 花子" : "みほん 太郎",
        .action = number % 3 ? "transfer.send" : "transfer.approve",
        .object = object,
        .reason = reason ? reason : "試験のため",
    };
    buffer_clear(out);
    return journal_entry_append(out, &entry, error);
}

static int read_feed(void *context, uint64_t position, struct sealer_batch *batch,
                     struct error *error)
{
    struct feed *feed = context;
    if (position != feed->told)
        tell("", position);
    feed->told = position;
    batch->position = position;
    while (batch->position < feed->available && batch->count < feed->batch) {
        struct buffer *out = &feed->made[batch->count];
        if (make_entry(out, ++batch->position, error) < 0)
            return -1;
        batch->entries[batch->count++] = buffer_bytes(out);
    }
    return 0;
}

static int tell_sealed(void *context, uint64_t position, uint64_t size, struct error *error)
{
    (void)context;
    (void)size;
    (void)error;
    tell("sealed ", position);
    return 0;
}

static int seal(struct sealer *sealer, struct feed *feed, char **arguments, struct error *error)
{
    uint64_t count = strtoull(arguments[0], NULL, 10), steps = strtoull(arguments[1], NULL, 10);
    uint64_t first = feed->told;
    feed->batch = SEALER_BATCH_MAX;
    for (uint64_t step = 1; step <= steps; step++) {
        feed->available = first + count * step / steps;
        if (sealer_flush(sealer, time_now() / 1000, error) < 0)
            return -1;
    }
    printf("cosigned %zu %s\n", sealer_cosigned(sealer),
           sealer_is_sealed(sealer) ? "sealed" : "unsealed");
    return 0;
}

static int write_on(struct sealer *sealer, struct feed *feed, char **arguments, struct error *error)
{
    srandom((unsigned)strtoul(arguments[0], NULL, 10));
    for (;;) {
        static const size_t sizes[] = {1, 1, 1, 7, 64, 300, SEALER_BATCH_MAX};
        feed->batch = sizes[(size_t)random() % (sizeof sizes / sizeof *sizes)];
        feed->available = feed->told + feed->batch;
        int result = random() % 8 ? sealer_step(sealer, time_now() / 1000, error)
                                  : sealer_flush(sealer, time_now() / 1000, error);
        if (result < 0)
            return -1;
    }
}

static int work(struct sealer *sealer, struct feed *feed, char **arguments, struct error *error)
{
    static const size_t sizes[] = {1, 3, 250, 1, 200, 1, 180, 5};
    int64_t now = 1;
    (void)arguments;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        feed->batch = sizes[i];
        feed->available = feed->told + feed->batch;
        now += i % 3 == 2 ? SEALER_INTERVAL_MS : 0;
        if (sealer_step(sealer, now, error) < 0)
            return -1;
    }
    return sealer_rotate_key(sealer, now, error) < 0 ? -1 : sealer_flush(sealer, now, error);
}

static int rotate(struct sealer *sealer, struct feed *feed, char **arguments, struct error *error)
{
    (void)feed;
    (void)arguments;
    return sealer_rotate_key(sealer, time_now() / 1000, error);
}

static const struct {
    const char *name;
    int arguments;
    int (*run)(struct sealer *sealer, struct feed *feed, char **arguments, struct error *error);
} actions[] = {
    {"rotate", 0, rotate},
    {"seal", 2, seal},
    {"work", 0, work},
    {"write", 1, write_on},
};

/* QUORUM PREFIX=KEY… */
static int read_witnesses(int count, char **arguments, struct sealer_witnesses *witnesses,
                          struct error *error)
{
    static struct witness_client client = {prefixes, 2000};
    if (count < 2)
        return 0;
    *witnesses = (struct sealer_witnesses){.keys = witness_keys,
                                           .quorum = strtoul(arguments[0], NULL, 10),
                                           .ask = witness_client_ask,
                                           .context = &client};
    for (int i = 1; i < count; i++) {
        char *equals = strchr(arguments[i], '=');
        if (!equals)
            return error_set(error, "usage", arguments[i], "%s", "");
        *equals = '\0';
        prefixes[witnesses->count] = arguments[i];
        if (journal_key_load_public(equals + 1, &witness_keys[witnesses->count++], error) < 0)
            return -1;
    }
    return 0;
}

static int drive(size_t action, const struct sealer_paths *paths, int argc, char **argv,
                 struct error *error)
{
    static struct feed feed = {.batch = 1};
    const struct sealer_source source = {read_feed, tell_sealed, &feed};
    struct sealer_witnesses witnesses = {0};
    if (argc < actions[action].arguments)
        return error_set(error, "usage", actions[action].name, "%s", "");
    if (read_witnesses(argc - actions[action].arguments, argv + actions[action].arguments,
                       &witnesses, error) < 0)
        return -1;
    struct sealer *sealer = sealer_open(paths, &source, &witnesses, error);
    if (!sealer)
        return -1;
    int result = sealer_step(sealer, 0, error); /* asks the feed, and so learns the position */
    if (result == 0)
        result = actions[action].run(sealer, &feed, argv, error);
    sealer_close(sealer);
    for (size_t i = 0; i < SEALER_BATCH_MAX; i++)
        buffer_free(&feed.made[i]);
    return result;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    char journal[512], key[512], public_key[512], state[512];
    const struct sealer_paths paths = {journal, key, public_key, state};
    if (argc < 3)
        return 2;
    signal(SIGXFSZ, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    snprintf(journal, sizeof journal, "%s/journal", argv[2]);
    snprintf(key, sizeof key, "%s/journal.key", argv[2]);
    snprintf(public_key, sizeof public_key, "%s/journal.pub", argv[2]);
    snprintf(state, sizeof state, "%s/journal.signed", argv[2]);
    int result = -1;
    error_set(&error, "usage", argv[1], "%s", "");
    if (!strcmp(argv[1], "create"))
        result = sealer_create(&paths, ORIGIN, 0, &error);
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (!strcmp(argv[1], actions[i].name))
            result = drive(i, &paths, argc - 3, argv + 3, &error);
    curl_global_cleanup();
    return result < 0 ? fail(&error) : 0;
}
