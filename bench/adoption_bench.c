/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long the state of all clauses takes with a long journal, and a set-up out of a text.
 *
 * usage: adoption_bench DIR POLICY ENTRIES     DIR is empty; POLICY a text
 *
 * Prints lines "<name> <value>": compile_ms, setup_ms (store, adopt, apply), standings_ms (median)
 * and standings_p99_ms, requirements, entries.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "adoption/setup.h"
#include "adoption/state.h"
#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "store/record.h"
#include "store/sealing.h"

enum { BATCH = 1000, RUNS = 200 };

static struct error error;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void must(int result)
{
    if (result == 0)
        return;
    fprintf(stderr, "%s %s %s\n", error.code, error.where, error.detail);
    exit(1);
}

/* Entries of many actions over three years, as people and engines record them. */
static void record(struct store *store, long entries)
{
    static const char *const actions[] = {
        "login.accept",  "login.refuse",   "transfer.create",  "transfer.accept", "transfer.disarm",
        "transfer.scan", "transfer.ready", "transfer.receive", "case.open",       "case.approve"};
    int64_t end = time_now(), start = end - 1096 * TIME_DAY;
    for (long i = 0; i < entries;) {
        must(store_begin(store, &error));
        for (int k = 0; k < BATCH && i < entries; k++, i++) {
            struct store_entry entry = {.time = start + (end - start) / entries * i,
                                        .actor = "person/7",
                                        .action = actions[i % 10],
                                        .object = "transfer/17"};
            must(store_record(store, &entry, &error));
        }
        must(store_commit(store, &error));
    }
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void measure(struct store *store, int64_t version)
{
    static double runs[RUNS];
    const struct policy *policy = adoption_policy_borrow(store, version, &error);
    for (int i = 0; policy && i < RUNS; i++) {
        struct adoption_standings standings;
        double start = now();
        must(adoption_standings_read(store, policy, time_now(), &standings, &error));
        runs[i] = now() - start;
        adoption_standings_free(&standings);
    }
    qsort(runs, RUNS, sizeof *runs, by_value);
    printf("standings_ms %.3f\nstandings_p99_ms %.3f\n", runs[RUNS / 2], runs[RUNS * 99 / 100]);
    printf("requirements %zu\n", policy ? policy->requirement_count : 0);
    adoption_policy_return(policy);
}

static int64_t set_up(struct store *store, struct bytes text)
{
    const struct identity_act act = {.actor = "setup", .now = time_now()};
    const struct adoption_upload upload = {"policy.txt", text, text};
    int64_t version = 0;
    double start = now();
    must(adoption_store(store, &act, &upload, &version, &error));
    const struct adoption_decision decision = {version,      "1",      "2026-03-01",
                                               "2026-04-01", "委員会", "計測"};
    must(adoption_adopt(store, &act, &decision, &error));
    must(adoption_apply(store, &act, version, true, &error));
    printf("setup_ms %.3f\n", now() - start);
    return version;
}

int main(int argc, char **argv)
{
    AUTO_BUFFER text = {0}, town = {0};
    struct store *store;
    if (argc != 4)
        return 2;
    must(file_read(argv[2], 1 << 24, &text, &error));
    buffer_append_format(&town, "%s/town", argv[1]);
    must(store_setup(buffer_string(&town), "みほん市", NULL, &error));
    must(store_open(buffer_string(&town), &store, &error));
    double start = now();
    policy_free(policy_compile(buffer_bytes(&text), &error));
    printf("compile_ms %.3f\n", now() - start);
    int64_t version = set_up(store, buffer_bytes(&text));
    record(store, strtol(argv[3], NULL, 10));
    printf("entries %s\n", argv[3]);
    measure(store, version);
    store_close(store);
    return 0;
}
