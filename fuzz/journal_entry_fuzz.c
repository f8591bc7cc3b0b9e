/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries and the hand-overs in them; canonical JSON of whatever parses is canonical again. */
#include <stdlib.h>

#include "fuzz.h"
#include "journal/canonical.h"
#include "journal/entry_internal.h"
#include "journal/entry_scan.h"
#include "journal/key.h"

static void canonicalise_twice(struct bytes in)
{
    AUTO_BUFFER once = {0}, twice = {0};
    json_t *value = json_loadb((const char *)in.data, in.length, JSON_REJECT_DUPLICATES, NULL);
    if (value && canonical_append(&once, value, NULL) == 0) {
        json_t *again =
            json_loadb((const char *)once.data, once.length, JSON_REJECT_DUPLICATES, NULL);
        /* A real number may come back as an integer that is too large to be told from others. */
        if (again && canonical_append(&twice, again, NULL) == 0 &&
            !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
            abort();
        json_decref(again);
    }
    json_decref(value);
}

static bool same(const json_t *value, struct bytes seen)
{
    const char *text = json_string_value(value);
    return text
               ? bytes_equal(seen, (struct bytes){(const uint8_t *)text, json_string_length(value)})
               : !seen.data;
}

/* What a glance gives is what the parser reads. */
static void glance_at(struct bytes in)
{
    struct journal_entry_glance glance;
    if (!journal_entry_glance(in, &glance))
        return;
    json_t *entry = json_loadb((const char *)in.data, in.length, JSON_REJECT_DUPLICATES, NULL);
    if (!entry || !same(json_object_get(entry, "action"), glance.action) ||
        !same(json_object_get(entry, "actor"), glance.actor) ||
        !same(json_object_get(entry, "object"), glance.object) ||
        !same(json_object_get(entry, "reason"), glance.reason) ||
        !same(json_object_get(json_object_get(entry, "time"), "utc"), glance.utc))
        abort();
    json_decref(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct note_verifier from, to;
    uint64_t quick, sequence;
    bool scanned = entry_scan(in, &quick);
    int parsed = journal_entry_parse(in, &sequence, "entry", NULL);
    if (scanned && (parsed < 0 || quick != sequence))
        abort();
    journal_key_read_handover(in, &from, &to, "entry", NULL);
    canonicalise_twice(in);
    glance_at(in);
    return 0;
}
