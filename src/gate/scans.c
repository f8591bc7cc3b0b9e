/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that antivirus looks at, some at one time, while everything else goes on. */
#include <poll.h>
#include <string.h>

#include "gate/work.h"

void scans_add(struct gate_mover *mover, struct work_item *item)
{
    mover->scans[mover->scan_count++] = item;
}

/* Its connection comes first: a file is read only when somebody is there to look at it. */
static enum clamd_answer begin(struct gate_mover *mover, struct work_item *item)
{
    if (mover->scanner_after > mover->now)
        return CLAMD_AWAY;
    item->answers_before = mover->answers;
    item->scan = clamd_begin(mover->scanner, mover->options.scanner_patience);
    if (clamd_go_on(item->scan) == CLAMD_AWAY)
        return CLAMD_AWAY;
    int file = work_file_to_scan(mover, item);
    if (file < 0)
        return CLAMD_AWAY;
    clamd_give(item->scan, file);
    return clamd_go_on(item->scan);
}

/* A scanner that says nothing any more is left alone for a while; one that only did not come to an
 * end with this file is not. */
static void note_answer(struct gate_mover *mover, const struct work_item *item,
                        enum clamd_answer answer)
{
    if (answer != CLAMD_AWAY)
        mover->answers++;
    else if (item->scan && clamd_timed_out(item->scan) && item->answers_before == mover->answers)
        mover->scanner_after = mover->now + mover->options.retry;
}

struct work_item *scans_next(struct gate_mover *mover, enum clamd_answer *answer)
{
    for (size_t i = 0; i < mover->scan_count && i < SCANS_MOST; i++) {
        struct work_item *item = mover->scans[i];
        *answer = item->scan ? clamd_go_on(item->scan) : begin(mover, item);
        if (*answer == CLAMD_NONE)
            continue;
        note_answer(mover, item, *answer);
        mover->scan_count--;
        memmove(mover->scans + i, mover->scans + i + 1,
                (mover->scan_count - i) * sizeof *mover->scans);
        return item;
    }
    return NULL;
}

void scans_drop(struct gate_mover *mover, const struct work *work)
{
    size_t kept = 0;
    for (size_t i = 0; i < mover->scan_count; i++) {
        struct work_item *item = mover->scans[i];
        if (item->work == work)
            work_put_back(item);
        else
            mover->scans[kept++] = item;
    }
    mover->scan_count = kept;
}

size_t scans_watch(const struct gate_mover *mover, struct pollfd *watched, int *milliseconds)
{
    size_t count = 0;
    for (; count < mover->scan_count && count < SCANS_MOST && mover->scans[count]->scan; count++) {
        int left = clamd_watch(mover->scans[count]->scan, &watched[count]);
        if (*milliseconds < 0 || left < *milliseconds)
            *milliseconds = left;
    }
    return count;
}
