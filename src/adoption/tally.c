/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting entries of the journal by action. */
#include "adoption/tally.h"

#include <string.h>

#include "adoption/state.h"

struct action_count {
    char action[IDENTITY_ZONE_SIZE];
    int64_t times, latest;
};

struct tally {
    struct action_count *items; /* by action */
    size_t count;
};

static int compare_rows(const void *by, const void *row)
{
    return strcmp(by, ((const struct tally_row *)row)->by);
}

const struct tally_row *tally_row_of(const struct control *control)
{
    if (!control)
        return NULL;
    const struct tally_row *row =
        bsearch(control->by, tally_table, tally_row_count, sizeof *tally_table, compare_rows);
    return row && (row->accepted[0] || row->refused[0]) ? row : NULL;
}

bool adoption_control_is_built(const struct control *control)
{
    return tally_row_of(control) != NULL;
}

size_t adoption_evidence_actions(const struct control *control,
                                 const char *actions[ADOPTION_ACTIONS])
{
    const struct tally_row *row = tally_row_of(control);
    size_t count = 0;
    for (size_t i = 0; row && i < TALLY_ACTIONS && row->accepted[i]; i++)
        if (strcmp(row->accepted[i], "*") != 0)
            actions[count++] = row->accepted[i];
    for (size_t i = 0; row && i < TALLY_ACTIONS && row->refused[i]; i++)
        actions[count++] = row->refused[i];
    return count;
}

int tally_read(struct store *store, int64_t now, struct tally **counts, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    char from[ADOPTION_DATE_SIZE];
    int more;
    adoption_date_text(fiscal_year_start(date_fiscal_year(time_date_in_japan(now))), from);
    *counts = NULL;
    if (store_query(store, STATEMENT_EVIDENCE_LIST, STORE_VALUES(store_text(from)), &rows, error) !=
        0)
        return -1;
    struct tally *found = memory_allocate(1, sizeof *found);
    while ((more = store_rows_next(rows, error)) == 1) {
        if ((found->count & (found->count - 1)) == 0)
            found->items = memory_resize(found->items, found->count ? 2 * found->count : 1,
                                         sizeof *found->items);
        struct action_count *item = &found->items[found->count++];
        utf8_copy(item->action, sizeof item->action, store_rows_text(rows, 0));
        item->latest = store_rows_integer(rows, 1);
        item->times = store_rows_integer(rows, 2);
    }
    *counts = found;
    if (more == 0)
        return 0;
    tally_free(found);
    *counts = NULL;
    return -1;
}

void tally_free(struct tally *counts)
{
    if (counts)
        free(counts->items);
    free(counts);
}

static void add_up(const struct action_count *item, int64_t *sum, int64_t *last)
{
    *sum += item->times;
    if (item->latest > *last)
        *last = item->latest;
}

int64_t tally_sum(const struct tally *counts, const char *const actions[], int64_t *last)
{
    int64_t sum = 0;
    for (size_t i = 0; i < TALLY_ACTIONS && actions[i]; i++)
        for (size_t k = 0; k < counts->count; k++)
            if (strcmp(actions[i], "*") == 0 || strcmp(actions[i], counts->items[k].action) == 0)
                add_up(&counts->items[k], &sum, last);
    return sum;
}

/* ---- day by day ---- */

static bool is_one_of(const char *action, const char *const actions[])
{
    for (size_t i = 0; i < TALLY_ACTIONS && actions[i]; i++)
        if (strcmp(actions[i], "*") == 0 || strcmp(actions[i], action) == 0)
            return true;
    return false;
}

int adoption_evidence_days(struct store *store, const struct control *control, const char *from,
                           struct adoption_evidence_day *list, size_t most, size_t *count,
                           struct error *error)
{
    AUTO_ROWS *rows = NULL;
    const struct tally_row *row = tally_row_of(control);
    int more;
    *count = 0;
    if (!row)
        return 0;
    if (store_query(store, STATEMENT_EVIDENCE_DAYS, STORE_VALUES(store_text(from)), &rows, error) !=
        0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        const char *day = store_rows_text(rows, 0), *action = store_rows_text(rows, 1);
        bool accepted = is_one_of(action, row->accepted), refused = is_one_of(action, row->refused);
        if (!accepted && !refused)
            continue;
        bool same = *count && strcmp(list[*count - 1].date, day) == 0;
        if (!same && *count == most)
            return 0;
        if (!same) {
            list[*count] = (struct adoption_evidence_day){0};
            utf8_copy(list[(*count)++].date, ADOPTION_DATE_SIZE, day);
        }
        *(accepted ? &list[*count - 1].accepted : &list[*count - 1].refused) +=
            store_rows_integer(rows, 2);
    }
    return more;
}
