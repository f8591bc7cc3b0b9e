/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting what was made where it belongs, whole or not at all. */
#ifndef COMMAND_DISARM_SAVE_H
#define COMMAND_DISARM_SAVE_H

#include "command/disarm_plan.h"
#include "disarm/disarm.h"

struct save_request {
    struct plan *plan;  /* borrowed */
    const char *file;   /* -o: where the one result goes; NULL with a folder */
    const char *folder; /* --out-dir */
    bool force;         /* replace files that no earlier run made */
};

/* Called once before results are saved: new files are as open to others as the umask says. */
void save_begin(void);

/*
 * May run in several threads at once. Saves the new file of a result, and in a folder its receipt
 * beside it, in one step each: written under a temporary name, synced, renamed. Sets the receipt's
 * names to what the caller said and where the result stands (item->made, see plan_settle_made). A
 * refused file leaves only its receipt. 0, or -1 with output_exists, output_is_input or a code of
 * base/file.h; then neither is there.
 */
int save_result(const struct save_request *request, struct plan_item *item,
                const struct disarm_result *result, struct error *error);

#endif
