/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the writer share. */
#ifndef JOURNAL_JOURNAL_INTERNAL_H
#define JOURNAL_JOURNAL_INTERNAL_H

#include "journal/edge.h"
#include "journal/journal.h"
#include "journal/note.h"
#include "journal/segment.h"

enum {
    JOURNAL_SPARES_MAX = 12, /* used-up segments kept for reuse */
    JOURNAL_SYNC_MAX = 64,   /* files synced one by one; above that the file system as a whole */
};

/* A list of strings, one behind the other with their NULs. */
struct path_list {
    struct buffer names;
    size_t count;
};

struct journal {
    int directory; /* the log's directory */
    int wal;       /* its directory of segments */
    int lock;
    char origin[NOTE_NAME_MAX + 1];
    struct merkle_hash origin_hash;

    uint64_t prepared; /* size for which all tiles are durable */
    struct merkle_hash prepared_root;
    uint64_t published; /* size of the published checkpoint */
    struct edge edge;

    struct segment active;
    uint64_t *older; /* bases of segments before the active one that are still needed */
    size_t older_count;
    size_t spares;

    struct path_list unsynced; /* tiles written since the last sync */
    struct path_list outdated; /* directories of partial tiles that are complete now */
    bool has_partial[TILE_LEVELS];

    struct buffer frame; /* memory for the frame being written */
    struct merkle_hash *leaves;
    size_t leaf_capacity;

    struct error failure; /* set once: no more appending until opened anew */
};

/* Adds an entry that is durable to the tree, writing the tiles that it completes. */
int journal_integrate(struct journal *journal, struct bytes entry, const struct merkle_hash *leaf,
                      struct error *error);

/* Reads the published checkpoint's tiles, then the write-ahead log from there on. */
int journal_recover(struct journal *journal, struct error *error);

/* Gives up segments that hold only published entries. */
void journal_retire_segments(struct journal *journal);

/* Removes the partial tiles wider than keep in a directory of them, and with keep 0 that too. */
void journal_remove_partials(struct journal *journal, const char *path, unsigned keep);

void path_list_add(struct path_list *list, const char *path);
void path_list_clear(struct path_list *list);

#endif
