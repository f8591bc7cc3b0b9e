/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeing from outside whether a mover is at work. */
#include "gate/gate.h"
#include "gate/mover.h"

#define PATIENCE (60 * TIME_SECOND)

int gate_mover_behind(struct store *store, int64_t now, bool *behind, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *behind = false;
    if (store_query(store, STATEMENT_TRANSFER_COUNT_STUCK,
                    STORE_VALUES(store_integer(now - PATIENCE)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    *behind = found == 1 && store_rows_integer(rows, 0) > 0;
    return found < 0 ? -1 : 0;
}
