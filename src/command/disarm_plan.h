/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files `sekisho disarm` works on, and where each result goes. */
#ifndef COMMAND_DISARM_PLAN_H
#define COMMAND_DISARM_PLAN_H

#include <sys/types.h>

#include "base/buffer.h"
#include "base/error.h"

struct plan_item {
    char *path;        /* of the input, as given or as found below a folder */
    char *destination; /* of the result below the output folder, before its type is known */
    char *made;        /* destination really used; NULL until then */
    dev_t device;      /* of the input, when it exists */
    ino_t inode;
};

struct plan {
    struct plan_item *items; /* in the order given; folders in the order of their names */
    size_t count, capacity;
};

/*
 * Adds a file, or every regular file below a folder. 0, or -1 when a folder cannot be read. A file
 * that does not exist is added too: its refusal comes when it is opened.
 */
int disarm_plan_add(struct plan *plan, const char *path, struct error *error);

/*
 * Gives every item its own destination: the file name, or the path below the folder given; where
 * two would be the same, the part of the paths in which they differ; where nothing differs, a
 * number.
 */
void plan_settle(struct plan *plan);

/*
 * The destination of an item whose result is called `name` (destination with the extension of what
 * was made): that, or when another item has it, the whole destination with the new extension
 * behind. Kept in item->made.
 */
const char *plan_settle_made(struct plan *plan, struct plan_item *item, const char *name);

/* True when the file at path is one of the inputs. */
bool plan_is_input(const struct plan *plan, const char *path);

void plan_free(struct plan *plan);

#endif
