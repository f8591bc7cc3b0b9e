/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The organization's own scheme of classification labels. */
#include "identity/scheme.h"

#include <string.h>

#include "base/utf8.h"
#include "identity/internal.h"
#include "identity/permissions.h"

int identity_setting_read(struct store *store, const char *name, char *into, size_t size,
                          struct error *error)
{
    AUTO_BUFFER value = {0};
    int found = setting_read(store, name, &value, error);
    utf8_copy(into, size, found == 1 ? buffer_string(&value) : "");
    return found < 0 ? -1 : 0;
}

#define CLASSIFICATION "policy.classification."

/* Takes one setting "policy.classification.RANK.label" or "….text". */
static void take_setting(struct identity_level by_rank[IDENTITY_RANKS], const char *name,
                         const char *value)
{
    const char *at = name + strlen(CLASSIFICATION);
    int rank = *at - '0';
    if (rank < 0 || rank >= IDENTITY_RANKS)
        return;
    if (!strcmp(at + 1, ".label"))
        utf8_copy(by_rank[rank].label, sizeof by_rank[rank].label, value);
    else if (!strcmp(at + 1, ".text"))
        utf8_copy(by_rank[rank].text, sizeof by_rank[rank].text, value);
}

int identity_levels(struct store *store, struct identity_level list[IDENTITY_LEVELS], size_t *count,
                    struct error *error)
{
    AUTO_ROWS *rows = NULL;
    struct identity_level by_rank[IDENTITY_RANKS] = {0};
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_SETTING_LIST,
                    STORE_VALUES(store_text(CLASSIFICATION), store_integer(2 * IDENTITY_RANKS)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        if (!strncmp(store_rows_text(rows, 0), CLASSIFICATION, strlen(CLASSIFICATION)))
            take_setting(by_rank, store_rows_text(rows, 0), store_rows_text(rows, 1));
    for (int rank = IDENTITY_RANKS; rank-- > 0;)
        if (*by_rank[rank].label) {
            list[*count] = by_rank[rank];
            list[(*count)++].rank = rank;
        }
    return more;
}

int identity_label_known(struct store *store, const char *label, struct buffer *known,
                         struct error *error)
{
    struct identity_level levels[IDENTITY_LEVELS];
    const char *scheme = identity_classification_scheme(label);
    size_t count;
    if (identity_levels(store, levels, &count, error) != 0)
        return -1;
    if (!count && scheme && !strcmp(scheme, IDENTITY_SCHEME_USUAL))
        return 1;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(levels[i].label, label))
            return 1;
    for (size_t i = 0; i < count; i++)
        buffer_append_format(known, "%s%s", i ? ", " : "", levels[i].label);
    if (!count)
        buffer_append_string(known, "3, 3A, 3B, 3C, 2, 1");
    return 0;
}
