/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Personal data beside the journal: kept with a salt, erased with it. */
#include "store/record.h"

#include <sodium.h>
#include <stdio.h>

#include "base/error.h"
#include "base/time.h"
#include "journal/merkle.h"

enum { SALT_BYTES = 32 };

int store_personal_add(struct store *store, struct bytes content, struct store_digest *digest,
                       struct error *error)
{
    uint8_t salt[SALT_BYTES];
    randombytes_buf(salt, sizeof salt);
    AUTO_BUFFER salted = {0};
    buffer_append(&salted, salt, sizeof salt);
    buffer_append_bytes(&salted, content);
    struct merkle_hash hash;
    merkle_hash_data(buffer_bytes(&salted), &hash);
    memcpy(digest->bytes, hash.bytes, sizeof digest->bytes);
    return store_run(
        store, STATEMENT_PERSONAL_ADD,
        STORE_VALUES(store_blob(digest->bytes, sizeof digest->bytes), store_blob(salt, sizeof salt),
                     store_blob(content.data, content.length), store_integer(time_now())),
        error);
}

int store_personal_read(struct store *store, const struct store_digest *digest, struct buffer *out,
                        struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_PERSONAL_READ,
                    STORE_VALUES(store_blob(digest->bytes, sizeof digest->bytes)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1 : error_set(error, "store_unknown", store_directory(store), "%s", "");
    if (store_rows_null(rows, 1))
        return 0;
    buffer_append_bytes(out, store_rows_blob(rows, 1));
    return 1;
}

int store_personal_erase(struct store *store, const struct store_digest *digest,
                         struct store_entry *entry, struct error *error)
{
    char object[2 * sizeof digest->bytes + sizeof "personal/"] = "personal/";
    sodium_bin2hex(object + 9, sizeof object - 9, digest->bytes, sizeof digest->bytes);
    AUTO_ROWS *rows = NULL;
    int64_t now = time_now();
    if (store_query(
            store, STATEMENT_PERSONAL_ERASE,
            STORE_VALUES(store_blob(digest->bytes, sizeof digest->bytes), store_integer(now)),
            &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    if (store_rows_next(rows, error) != 0)
        return -1;
    entry->action = "personal.erase";
    entry->object = object;
    entry->time = now;
    int result = store_record(store, entry, error);
    entry->object = NULL; /* it pointed into this function */
    return result == 0 ? 1 : -1;
}
