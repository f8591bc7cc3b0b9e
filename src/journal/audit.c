/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The auditor's judgement: checkpoint, signatures, witnesses, and a checkpoint that was kept. */
#include "journal/audit.h"

#include <inttypes.h>
#include <sodium.h>

#include "base/memory.h"
#include "journal/audit_internal.h"
#include "journal/entry.h"
#include "journal/files.h"
#include "journal/key.h"
#include "journal/reader.h"

void audit_report(struct audit *audit, const struct error *error, uint64_t entry)
{
    struct journal_audit *result = audit->result;
    if (result->problem_count < JOURNAL_AUDIT_PROBLEMS_MAX)
        result->problems[result->problem_count] =
            (struct journal_audit_problem){.error = *error, .entry = entry};
    result->problem_count++;
}

static void report(struct audit *audit, const char *code, const char *where, const char *detail)
{
    struct error error;
    error_set(&error, code, where, "%s", detail);
    audit_report(audit, &error, AUDIT_NO_ENTRY);
}

static struct audit_key *last_key(struct audit *audit)
{
    return &audit->keys[audit->key_count - 1];
}

static void add_key(struct audit *audit, uint64_t from, const struct note_verifier *key)
{
    audit->keys = memory_resize(audit->keys, audit->key_count + 1, sizeof *audit->keys);
    audit->keys[audit->key_count++] = (struct audit_key){from, *key};
}

/*
 * Links a hand-over to the chain of keys. Both keys signed it, so that the chain can be trusted
 * from any key in it, forwards and backwards; whether the given key is in it is looked at in the
 * end.
 */
static int audit_handover(struct audit *audit, uint64_t index, struct bytes entry, const char *path,
                          struct error *error)
{
    struct note_verifier from, to;
    int handover = journal_key_read_handover(entry, &from, &to, path, error);
    if (handover <= 0)
        return handover;
    if (audit->key_count == 0)
        add_key(audit, 0, &from);
    if (!journal_key_equal(&last_key(audit)->key, &from))
        return error_set(error, "journal_bad_handover", path, "%s", from.name);
    add_key(audit, index + 1, &to);
    audit->result->handovers++;
    return 0;
}

void audit_entry(struct audit *audit, uint64_t index, struct bytes entry, const char *path)
{
    uint64_t sequence = 0;
    struct error error;
    if (audit_handover(audit, index, entry, path, &error) < 0)
        audit_report(audit, &error, index);
    if (audit->settings->any_entries)
        return;
    if (journal_entry_check(entry, &sequence, path, &error) < 0) {
        audit_report(audit, &error, index);
        return;
    }
    if (sequence == 0)
        return;
    if (audit->sequence != AUDIT_NO_ENTRY && sequence != audit->sequence + 1) {
        error_set(&error, "journal_sequence", path, "%" PRIu64 " → %" PRIu64, audit->sequence,
                  sequence);
        audit_report(audit, &error, index);
    }
    audit->sequence = sequence;
}

static bool chain_has(const struct audit *audit, const struct note_verifier *key)
{
    for (size_t i = 0; i < audit->key_count; i++)
        if (journal_key_equal(&audit->keys[i].key, key))
            return true;
    return false;
}

/* The key that was in force for a tree of that size. */
static const struct note_verifier *key_for(const struct audit *audit, uint64_t size)
{
    size_t i = audit->key_count - 1;
    while (i > 0 && audit->keys[i].from > size)
        i--;
    return &audit->keys[i].key;
}

static void audit_witnesses(struct audit *audit, const struct note *note)
{
    const struct journal_audit_settings *settings = audit->settings;
    struct journal_audit *result = audit->result;
    for (size_t i = 0; i < settings->witness_count && i < JOURNAL_AUDIT_WITNESSES_MAX; i++) {
        uint64_t time = 0;
        switch (note_verify(note->text, note->signatures, &settings->witnesses[i], &time)) {
        case NOTE_SIGNED:
            result->cosigned[i].signed_it = true;
            result->cosigned[i].time = time;
            result->cosigned_count++;
            break;
        case NOTE_FORGED:
            report(audit, "journal_bad_signature", "checkpoint", settings->witnesses[i].name);
            break;
        case NOTE_UNSIGNED:
            break;
        }
    }
    if (result->cosigned_count < settings->quorum) {
        struct error error;
        error_set(&error, "journal_quorum", "checkpoint", "%zu / %zu", result->cosigned_count,
                  settings->quorum);
        audit_report(audit, &error, AUDIT_NO_ENTRY);
    }
}

static void audit_since(struct audit *audit, const char *directory)
{
    struct note note;
    struct checkpoint since;
    struct merkle_hash root;
    struct error error;
    const char *where = "since";
    uint64_t size = audit->result->size;
    if (checkpoint_parse(audit->settings->since, &note, &since, where, &error) < 0) {
        audit_report(audit, &error, AUDIT_NO_ENTRY);
        return;
    }
    const struct note_verifier *key = key_for(audit, since.size);
    if (!bytes_equal_string(since.origin, audit->settings->log->name) ||
        note_verify(note.text, note.signatures, key, NULL) != NOTE_SIGNED) {
        report(audit, "journal_bad_signature", where, key->name);
    } else if (since.size > size) {
        error_set(&error, "journal_rolled_back", "checkpoint", "%" PRIu64 " < %" PRIu64, size,
                  since.size);
        audit_report(audit, &error, size);
    } else if (journal_reader_root(directory, size, since.size, &root, &error) < 0) {
        audit_report(audit, &error, AUDIT_NO_ENTRY);
    } else if (!merkle_hash_equal(&root, &since.root)) {
        error_set(&error, "journal_two_histories", "checkpoint", "%" PRIu64, since.size);
        audit_report(audit, &error, AUDIT_NO_ENTRY);
    }
}

static void audit_directory(struct audit *audit, const char *directory)
{
    AUTO_BUFFER bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct error error;
    if (files_read(audit->directory, "checkpoint", NOTE_BYTES_MAX, &bytes, &error) < 0 ||
        checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "checkpoint", &error) < 0) {
        audit_report(audit, &error, AUDIT_NO_ENTRY);
        return;
    }
    audit->result->size = checkpoint.size;
    audit->result->root = checkpoint.root;
    if (!bytes_equal_string(checkpoint.origin, audit->settings->log->name)) {
        error_set(&error, "journal_other_origin", "checkpoint", "%.*s",
                  (int)checkpoint.origin.length, (const char *)checkpoint.origin.data);
        audit_report(audit, &error, AUDIT_NO_ENTRY);
        return;
    }
    audit_tree(audit);
    audit_files(audit, directory);
    if (audit->key_count == 0)
        add_key(audit, 0, audit->settings->log);
    if (!chain_has(audit, audit->settings->log))
        report(audit, "journal_bad_signature", "checkpoint", audit->settings->log->name);
    audit->result->key = last_key(audit)->key;
    if (note_verify(note.text, note.signatures, &audit->result->key, NULL) != NOTE_SIGNED)
        report(audit, "journal_bad_signature", "checkpoint", audit->result->key.name);
    audit_witnesses(audit, &note);
    if (audit->settings->since.length > 0)
        audit_since(audit, directory);
}

struct journal_audit *journal_audit_run(const char *directory,
                                        const struct journal_audit_settings *settings)
{
    struct error error;
    struct journal_audit *result = memory_allocate(1, sizeof *result);
    struct audit audit = {.settings = settings, .result = result};
    result->key = *settings->log;
    audit.directory = files_open_directory(directory, &error);
    if (sodium_init() < 0)
        report(&audit, "journal_bad_key", "", "libsodium");
    else if (audit.directory < 0)
        audit_report(&audit, &error, AUDIT_NO_ENTRY);
    else
        audit_directory(&audit, directory);
    file_close(&audit.directory);
    free(audit.keys);
    return result;
}
