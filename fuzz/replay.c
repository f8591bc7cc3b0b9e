/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a fuzz target over the files of its corpus without libFuzzer, one TAP point a file.
 *
 * usage: <target>_replay CORPUS_DIR [FILE]
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "fuzz.h"

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The bytes are given in an allocation of exactly their size, so that reading past them is seen. */
static void replay(const char *folder, const char *name, int number)
{
    AUTO_BUFFER path = {0}, content = {0};
    buffer_append_format(&path, "%s/%s", folder, name);
    FILE *file = fopen(buffer_string(&path), "rb");
    if (!file) {
        printf("not ok %d - %s cannot be opened\n", number, name);
        return;
    }
    size_t got;
    do {
        buffer_reserve(&content, 1 << 16);
        got = fread(content.data + content.length, 1, 1 << 16, file);
        content.length += got;
    } while (got);
    fclose(file);
    uint8_t *exact = malloc(content.length ? content.length : 1);
    if (!exact)
        abort();
    memcpy(exact, content.data, content.length);
    LLVMFuzzerTestOneInput(exact, content.length);
    free(exact);
    printf("ok %d - %s\n", number, name);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: replay CORPUS_DIR [FILE]\n");
        return 2;
    }
    if (argc > 2) {
        replay(argv[1], argv[2], 1);
        return 0;
    }
    struct dirent **entries;
    int count = scandir(argv[1], &entries, is_file, alphasort);
    if (count <= 0) {
        printf("1..1\nnot ok 1 - %s holds no seeds\n", argv[1]);
        return 1;
    }
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        replay(argv[1], entries[i]->d_name, i + 1);
        free(entries[i]);
    }
    free(entries);
    return 0;
}
