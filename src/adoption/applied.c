/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is set up: the roles that wait for people. */
#include <stdio.h>
#include <string.h>

#include "adoption/internal.h"
#include "adoption/setup.h"
#include "identity/people.h"
#include "identity/scheme.h"

/* How many hold a role, at most `most`; the first of them. */
static int count_holders(struct store *store, const char *role, int64_t now, size_t *count,
                         struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_HOLDER_COUNT,
                    STORE_VALUES(store_text(role), store_integer(now)), &rows, error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    *count = (size_t)store_rows_integer(rows, 0);
    return 0;
}

int adoption_vacancies(struct store *store, int64_t now, struct adoption_vacancy *list, size_t most,
                       size_t *count, struct error *error)
{
    *count = 0;
    for (size_t i = 0; identity_roles[i] && *count < most; i++) {
        struct adoption_vacancy *vacancy = &list[*count];
        AUTO_BUFFER name = {0}, post = {0};
        size_t holders;
        utf8_copy(vacancy->role, sizeof vacancy->role, identity_roles[i]);
        buffer_append_format(&name, "policy.role.%s.name", identity_roles[i]);
        buffer_append_format(&post, "policy.role.%s.post", identity_roles[i]);
        if (identity_setting_read(store, buffer_string(&name), vacancy->name, sizeof vacancy->name,
                                  error) != 0 ||
            identity_setting_read(store, buffer_string(&post), vacancy->post, sizeof vacancy->post,
                                  error) != 0 ||
            count_holders(store, identity_roles[i], now, &holders, error) != 0)
            return -1;
        *count += *vacancy->name && holders == 0;
    }
    return 0;
}
