/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking things up in the tables of pdf_keys.h. */
#include "disarm/format/pdf_keys.h"

#include <stdlib.h>

unsigned pdf_kind_find(const char *name)
{
    for (unsigned i = 0; i < pdf_kind_count; i++) {
        if (!strcmp(pdf_kinds[i].name, name))
            return i;
    }
    abort();
}

/* As strcmp between a view and a C string. */
static int compare(struct bytes name, const char *string)
{
    size_t length = strlen(string);
    size_t common = name.length < length ? name.length : length;
    int order = common ? memcmp(name.data, string, common) : 0;
    return order ? order : (name.length > length) - (name.length < length);
}

const struct pdf_key *pdf_kind_key(const struct pdf_kind *kind, struct bytes name)
{
    size_t low = kind->first_key, high = low + kind->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, pdf_keys[middle].name);
        if (!order)
            return &pdf_keys[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *pdf_dropped_key_row(struct bytes name)
{
    for (size_t i = 0; i < pdf_dropped_key_count; i++) {
        if (bytes_equal_string(name, pdf_dropped_keys[i].name))
            return pdf_dropped_keys[i].row;
    }
    return "pdf_key";
}

bool pdf_name_listed(const char *names, struct bytes name)
{
    for (const char *at = names; at[1]; at = strchr(at + 1, ',')) {
        size_t length = strcspn(at + 1, ",");
        if (length == name.length && !memcmp(at + 1, name.data, length))
            return true;
    }
    return false;
}
