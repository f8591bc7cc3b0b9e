/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compiles a policy again and again and prints the median in milliseconds.
 *
 * usage: policy_bench FILE REPEAT RUNS     the text is put REPEAT times behind itself
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "policy/policy.h"

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static void read_repeated(const char *path, long repeat, struct buffer *text)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    size_t got;
    do {
        buffer_reserve(text, 1 << 16);
        got = fread(text->data + text->length, 1, 1 << 16, file);
        text->length += got;
    } while (got);
    fclose(file);
    AUTO_BUFFER once = {0};
    buffer_append_bytes(&once, buffer_bytes(text));
    while (--repeat > 0)
        buffer_append_bytes(text, buffer_bytes(&once));
}

int main(int argc, char **argv)
{
    long repeat = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
    size_t runs = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
    if (!runs || repeat < 1) {
        fprintf(stderr, "usage: policy_bench FILE REPEAT RUNS\n");
        return 2;
    }
    AUTO_BUFFER text = {0};
    read_repeated(argv[1], repeat, &text);
    double *times = memory_allocate(runs, sizeof *times);
    for (size_t i = 0; i < runs; i++) {
        struct error error = {0};
        double start = now_ms();
        struct policy *policy = policy_compile(buffer_bytes(&text), &error);
        times[i] = now_ms() - start;
        if (!policy) {
            fprintf(stderr, "%s: %s\n", argv[1], error.code);
            return 1;
        }
        policy_free(policy);
    }
    qsort(times, runs, sizeof *times, compare);
    printf("%.3f %zu\n", times[runs / 2], text.length);
    free(times);
    return 0;
}
