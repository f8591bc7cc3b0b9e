/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every file below tile/: is it one that belongs there, and do old partial tiles agree? */
#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"
#include "journal/audit_internal.h"
#include "journal/checkpoint.h"
#include "journal/files.h"
#include "journal/reader_internal.h"

/* Three digits as tlog-tiles writes them. */
static bool take_group(const char **text, uint64_t *index)
{
    for (int i = 0; i < 3; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        *index = *index * 10 + (uint64_t)(**text - '0');
    }
    return true;
}

/* Reads a path below tile/; false when it is not the name of a tile or bundle. */
static bool parse_path(const char *path, unsigned *level, uint64_t *index, unsigned *width)
{
    uint64_t number;
    const char *slash = strchr(path, '/');
    if (!slash)
        return false;
    struct bytes head = {(const uint8_t *)path, (size_t)(slash - path)};
    *level = TILE_ENTRIES;
    if (!bytes_equal_string(head, "entries")) {
        if (!checkpoint_parse_number(head, &number) || number >= TILE_LEVELS)
            return false;
        *level = (unsigned)number;
    }
    *index = 0;
    *width = TILE_WIDTH;
    path = slash + 1;
    while (*path == 'x') {
        path++;
        if (!take_group(&path, index) || *path++ != '/')
            return false;
    }
    if (!take_group(&path, index))
        return false;
    if (strncmp(path, ".p/", 3) == 0) {
        if (!checkpoint_parse_number(bytes_of_string(path + 3), &number) || number == 0 ||
            number >= TILE_WIDTH)
            return false;
        *width = (unsigned)number;
        return true;
    }
    return *path == '\0';
}

/* A partial tile of an older size must be the beginning of what is there now. */
static bool partial_agrees(const struct audit *audit, const char *path, unsigned level,
                           uint64_t index, unsigned width, unsigned present)
{
    AUTO_BUFFER full_path = {0};
    AUTO_BUFFER old = {0};
    AUTO_BUFFER now = {0};
    size_t limit = level == TILE_ENTRIES ? TILE_BUNDLE_MAX : TILE_BYTES;
    buffer_append_format(&full_path, "tile/%s", path);
    return files_read(audit->directory, buffer_string(&full_path), limit, &old, NULL) == 0 &&
           reader_load_tile(audit->directory, level, index, present, &now, NULL, NULL) == 0 &&
           old.length <= now.length && memcmp(old.data, now.data, old.length) == 0 &&
           (level == TILE_ENTRIES ? tile_split_bundle(buffer_bytes(&old), width,
                                                      (struct bytes[TILE_WIDTH]){0}, "", NULL) == 0
                                  : old.length == width * sizeof(struct merkle_hash));
}

static int visit(void *context, const char *path, const char *full, struct error *error)
{
    (void)full;
    (void)error;
    struct audit *audit = context;
    struct error problem;
    unsigned level, width;
    uint64_t index;
    if (!parse_path(path, &level, &index, &width)) {
        error_set(&problem, "journal_unknown_file", path, "tile/");
        audit_report(audit, &problem, AUDIT_NO_ENTRY);
        return 0;
    }
    unsigned present = reader_tile_width(level, index, audit->result->size);
    /* What lies beyond the published tree is not sealed yet; the rest was read with the tree. */
    if (width >= present)
        return 0;
    if (!partial_agrees(audit, path, level, index, width, present)) {
        error_set(&problem, "journal_partial_differs", path, "%u", width);
        audit_report(audit, &problem, AUDIT_NO_ENTRY);
    }
    return 0;
}

void audit_files(struct audit *audit, const char *directory)
{
    AUTO_BUFFER path = {0};
    struct error error;
    buffer_append_format(&path, "%s/tile", directory);
    if (!file_exists(buffer_string(&path)))
        return; /* an empty log, or every file missing, which was reported */
    if (file_walk(buffer_string(&path), visit, audit, &error) < 0)
        audit_report(audit, &error, AUDIT_NO_ENTRY);
}
