/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The organization's own scheme of classification labels. */
#include "identity/scheme.h"

#include <string.h>

#include "base/utf8.h"
#include "identity/permissions.h"

int identity_setting_read(struct store *store, const char *name, char *into, size_t size,
                          struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *into = '\0';
    if (store_query(store, STATEMENT_SETTING_READ, STORE_VALUES(store_text(name)), &rows, error) !=
        0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        utf8_copy(into, size, store_rows_text(rows, 0));
    return found < 0 ? -1 : 0;
}

int identity_levels(struct store *store, struct identity_level list[IDENTITY_LEVELS], size_t *count,
                    struct error *error)
{
    enum { HIGHEST = 4 }; /* fewer than IDENTITY_LEVELS */
    *count = 0;
    for (int rank = HIGHEST; rank >= 0; rank--) {
        struct identity_level *level = &list[*count];
        AUTO_BUFFER label = {0}, text = {0};
        buffer_append_format(&label, "policy.classification.%d.label", rank);
        buffer_append_format(&text, "policy.classification.%d.text", rank);
        level->rank = rank;
        if (identity_setting_read(store, buffer_string(&label), level->label, sizeof level->label,
                                  error) != 0 ||
            identity_setting_read(store, buffer_string(&text), level->text, sizeof level->text,
                                  error) != 0)
            return -1;
        *count += *level->label != '\0';
    }
    return 0;
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
