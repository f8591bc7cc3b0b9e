/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The published journal as pages and programs read it. */
#ifndef WEB_JOURNAL_READ_H
#define WEB_JOURNAL_READ_H

#include "journal/checkpoint.h"
#include "journal/reader.h"
#include "web/request.h"

/* A published journal as of its checkpoint. */
struct reading {
    struct journal_reader *reader;
    struct buffer note;
    struct checkpoint checkpoint;
};

/* Opens it; the caller closes it, also after a failure. */
int reading_open(struct web_request *request, struct reading *reading, struct error *error);
void reading_close(struct reading *reading);

/* The members of an entry in which something can be looked for: actor, action, object. */
enum { JOURNAL_SEARCHED = 3 };
extern const char *const journal_searched[JOURNAL_SEARCHED];

/* Whether an entry is one of those looked for, by what it has of actor, action, object, reason and
 * time. */
typedef bool journal_wanted(void *context, const json_t *entry);

struct journal_search {
    journal_wanted *wanted;
    void *context;
    uint64_t end; /* entries before this number; 0: from the newest */
    size_t most;
    bool whole; /* with all members; else what a glance gives (entry.h) is enough */
};

/*
 * Up to `most` entries (and a few more) that are wanted, newest first, as {"number", "entry"}. One
 * call looks at some thousands only; *rest is the number behind which the next call goes on, 0 when
 * there is nothing left. The caller decrefs the list.
 */
int journal_list(struct reading *reading, const struct journal_search *search, json_t **list,
                 uint64_t *rest, struct error *error);

/* Appends the entry of a number. 1, 0 when there is none, -1. */
int journal_entry(struct reading *reading, uint64_t number, struct buffer *entry,
                  struct error *error);

#endif
