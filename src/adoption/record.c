/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small things that every file of the room needs: names, dates, digests, journal entries. */
#include <stdio.h>
#include <string.h>

#include "adoption/internal.h"
#include "base/hash.h"

struct adoption_name adoption_name_of(const char *kind, int64_t id)
{
    struct adoption_name name;
    snprintf(name.text, sizeof name.text, "%s/%lld", kind, (long long)id);
    return name;
}

void adoption_digest(struct bytes bytes, char digest[ADOPTION_DIGEST_SIZE])
{
    uint8_t hash[HASH_BYTES];
    hash_sha256(bytes, hash);
    int at = snprintf(digest, ADOPTION_DIGEST_SIZE, "sha256:");
    for (size_t i = 0; i < sizeof hash; i++)
        at += snprintf(digest + at, ADOPTION_DIGEST_SIZE - (size_t)at, "%02x", hash[i]);
}

void adoption_date_text(struct date date, char text[ADOPTION_DATE_SIZE])
{
    AUTO_BUFFER iso = {0};
    date_append(&iso, date);
    utf8_copy(text, ADOPTION_DATE_SIZE, buffer_string(&iso));
}

void adoption_today(int64_t now, char text[ADOPTION_DATE_SIZE])
{
    adoption_date_text(time_date_in_japan(now), text);
}

int adoption_check_date(const char *text, const char *field, struct error *error)
{
    struct date date;
    if (text && date_parse(bytes_of_string(text), &date, NULL) == 0)
        return 0;
    return error_set(error, "adoption_bad_value", field, "%s", text ? text : "");
}

int adoption_need_row(struct store_rows *rows, int64_t version, struct error *error)
{
    int found = store_rows_next(rows, error);
    if (found == 1)
        return 0;
    return found < 0 ? -1
                     : error_set(error, "adoption_unknown",
                                 adoption_name_of("policy", version).text, "%s", "");
}
