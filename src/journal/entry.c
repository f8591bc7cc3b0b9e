/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries: written straight in canonical order, read through jansson and checked against that. */
#include <inttypes.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/time.h"
#include "journal/canonical.h"
#include "journal/entry_internal.h"
#include "journal/entry_scan.h"
#include "journal/tile.h"

#define TIME_MAX INT64_C(253402214400000) /* the end of the year 9999, in Tokyo too */

static void write_time(struct json_writer *json, const char *name, int64_t milliseconds,
                       void (*append)(struct buffer *out, int64_t moment))
{
    AUTO_BUFFER text = {0};
    append(&text, milliseconds * 1000);
    json_member_string(json, name, buffer_string(&text));
}

static bool present(const char *text)
{
    return text && *text;
}

static void write_text(struct json_writer *json, const char *name, const char *text)
{
    if (present(text))
        json_member_string(json, name, text);
}

static int compare_facts(const void *left, const void *right)
{
    return strcmp(((const struct journal_fact *)left)->name,
                  ((const struct journal_fact *)right)->name);
}

/* Facts sorted by name. Names are ASCII, where bytes and UTF-16 sort alike. */
static void write_facts(struct json_writer *json, const struct journal_entry *entry)
{
    if (entry->fact_count == 0)
        return;
    AUTO_FREE struct journal_fact *facts = memory_allocate(entry->fact_count, sizeof *facts);
    memcpy(facts, entry->facts, entry->fact_count * sizeof *facts);
    qsort(facts, entry->fact_count, sizeof *facts, compare_facts);
    json_key(json, "facts");
    json_begin_object(json);
    for (size_t i = 0; i < entry->fact_count; i++)
        json_member_string(json, facts[i].name, facts[i].value ? facts[i].value : "");
    json_end_object(json);
}

static void write_origin(struct json_writer *json, const struct journal_entry *entry)
{
    if (!present(entry->address) && !present(entry->device) && !present(entry->zone))
        return;
    json_key(json, "origin");
    json_begin_object(json);
    write_text(json, "address", entry->address);
    write_text(json, "device", entry->device);
    write_text(json, "zone", entry->zone);
    json_end_object(json);
}

static void write_personal(struct json_writer *json, const struct journal_entry *entry)
{
    if (entry->personal_count == 0)
        return;
    json_key(json, "personal");
    json_begin_array(json);
    for (size_t i = 0; i < entry->personal_count; i++) {
        AUTO_BUFFER digest = {0};
        for (size_t k = 0; k < sizeof entry->personal[i].digest.bytes; k++)
            buffer_append_format(&digest, "%02x", entry->personal[i].digest.bytes[k]);
        json_begin_object(json);
        json_member_string(json, "digest", buffer_string(&digest));
        json_member_string(json, "field", entry->personal[i].field);
        json_end_object(json);
    }
    json_end_array(json);
}

static bool facts_valid(const struct journal_entry *entry)
{
    for (size_t i = 0; i < entry->fact_count; i++) {
        if (!present(entry->facts[i].name))
            return false;
        for (const char *c = entry->facts[i].name; *c; c++)
            if (*c < 0x20 || *c == 0x7F)
                return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(entry->facts[i].name, entry->facts[k].name) == 0)
                return false;
    }
    return true;
}

int journal_entry_append(struct buffer *out, const struct journal_entry *entry, struct error *error)
{
    if (!present(entry->action) || !facts_valid(entry) || entry->time < 0 ||
        entry->time > TIME_MAX || entry->sequence >= UINT64_C(1) << 53)
        return error_set(error, "journal_bad_entry", entry->action, "%" PRIu64, entry->sequence);
    size_t start = out->length;
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_member_string(&json, "action", entry->action);
    write_text(&json, "actor", entry->actor);
    write_text(&json, "clause", entry->clause);
    write_facts(&json, entry);
    write_text(&json, "object", entry->object);
    write_origin(&json, entry);
    write_personal(&json, entry);
    write_text(&json, "reason", entry->reason);
    json_member_string(&json, "schema", JOURNAL_ENTRY_SCHEMA);
    write_text(&json, "seen", entry->seen);
    if (entry->sequence > 0)
        json_member_unsigned(&json, "sequence", entry->sequence);
    json_key(&json, "time");
    json_begin_object(&json);
    write_time(&json, "tokyo", entry->time, time_append_japan);
    write_time(&json, "utc", entry->time, time_append_utc);
    json_end_object(&json);
    json_end_object(&json);
    if (out->length - start <= TILE_ENTRY_MAX)
        return 0;
    size_t length = out->length - start;
    out->length = start;
    return error_set(error, "journal_entry_too_long", entry->action, "%zu", length);
}

json_t *journal_entry_load(struct bytes bytes, const char *where, struct error *error)
{
    json_error_t reason;
    json_t *entry =
        json_loadb((const char *)bytes.data, bytes.length, JSON_REJECT_DUPLICATES, &reason);
    if (!entry || !json_is_object(entry)) {
        error_set(error, "journal_not_canonical", where, "%s", entry ? "" : reason.text);
        json_decref(entry);
        return NULL;
    }
    const char *schema = journal_entry_text(entry, "schema");
    if (!schema || strcmp(schema, JOURNAL_ENTRY_SCHEMA) != 0) {
        error_set(error, "journal_bad_entry", where, "schema %s", schema ? schema : "");
        json_decref(entry);
        return NULL;
    }
    return entry;
}

const char *journal_entry_text(const json_t *entry, const char *name)
{
    return json_string_value(json_object_get(entry, name));
}

/* The members of schema 1 and their types. */
static const struct {
    const char *name;
    json_type type;
    bool needed;
} members[] = {
    {"action", JSON_STRING, true},     {"actor", JSON_STRING, false},
    {"clause", JSON_STRING, false},    {"facts", JSON_OBJECT, false},
    {"object", JSON_STRING, false},    {"origin", JSON_OBJECT, false},
    {"personal", JSON_ARRAY, false},   {"reason", JSON_STRING, false},
    {"schema", JSON_STRING, true},     {"seen", JSON_STRING, false},
    {"sequence", JSON_INTEGER, false}, {"time", JSON_OBJECT, true},
};

static const char *find_wrong_member(const json_t *entry)
{
    size_t known = 0;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *member = json_object_get(entry, members[i].name);
        if (member ? json_typeof(member) != members[i].type : members[i].needed)
            return members[i].name;
        known += member != NULL;
    }
    const json_t *time = json_object_get(entry, "time");
    if (!journal_entry_text(time, "utc") || !journal_entry_text(time, "tokyo"))
        return "time";
    return known == json_object_size(entry) ? NULL : "?";
}

static int check_loaded(const json_t *entry, struct bytes bytes, const char *where,
                        struct error *error)
{
    const char *wrong = find_wrong_member(entry);
    if (wrong)
        return error_set(error, "journal_bad_entry", where, "%s", wrong);
    AUTO_BUFFER canonical = {0};
    if (canonical_append(&canonical, entry, error) < 0)
        return -1;
    if (!bytes_equal(buffer_bytes(&canonical), bytes))
        return error_set(error, "journal_not_canonical", where, "RFC 8785");
    return 0;
}

int journal_entry_check(struct bytes bytes, uint64_t *sequence, const char *where,
                        struct error *error)
{
    return entry_scan(bytes, sequence) ? 0 : journal_entry_parse(bytes, sequence, where, error);
}

int journal_entry_parse(struct bytes bytes, uint64_t *sequence, const char *where,
                        struct error *error)
{
    json_t *entry = journal_entry_load(bytes, where, error);
    if (!entry)
        return -1;
    int result = check_loaded(entry, bytes, where, error);
    *sequence = (uint64_t)json_integer_value(json_object_get(entry, "sequence"));
    json_decref(entry);
    return result;
}
