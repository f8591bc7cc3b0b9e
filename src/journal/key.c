/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key files and key hand-over. */
#include "journal/key.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/entry_internal.h"

#define HANDOVER_HEADER "sekisho/key-handover/v1\n"

enum {
    PRIVATE_MODE = 0600,
    PUBLIC_MODE = 0644,
    KEY_FILE_MAX = 1024,
};

int journal_key_generate(const char *path, const char *public_path, const char *name,
                         enum note_algorithm algorithm, struct error *error)
{
    struct note_signer signer;
    AUTO_BUFFER secret = {0};
    AUTO_BUFFER public = {0};
    if (note_signer_generate(name, algorithm, &signer, error) < 0)
        return -1;
    note_signer_append(&secret, &signer);
    buffer_append_byte(&secret, '\n');
    note_verifier_append(&public, &signer.verifier);
    buffer_append_byte(&public, '\n');
    note_signer_wipe(&signer);
    int result = file_create(path, buffer_bytes(&secret), PRIVATE_MODE, error);
    sodium_memzero(secret.data, secret.length);
    if (result == 0 && file_create(public_path, buffer_bytes(&public), PUBLIC_MODE, error) < 0) {
        unlink(path);
        result = -1;
    }
    return result;
}

static int refuse_exposed(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return file_error(error, path);
    if (status.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(error, "journal_key_exposed", path, "%04o",
                         (unsigned)status.st_mode & 07777);
    return 0;
}

int journal_key_load(const char *path, struct note_signer *signer, struct error *error)
{
    AUTO_BUFFER secret = {0};
    if (sodium_init() < 0 || refuse_exposed(path, error) < 0 ||
        file_read(path, KEY_FILE_MAX, &secret, error) < 0)
        return -1;
    int result = note_signer_parse(buffer_bytes(&secret), signer, error);
    sodium_memzero(secret.data, secret.length);
    return result;
}

int journal_key_load_public(const char *path_or_key, struct note_verifier *verifier,
                            struct error *error)
{
    AUTO_BUFFER text = {0};
    if (sodium_init() < 0)
        return error_set(error, "journal_bad_key", "", "libsodium");
    if (note_verifier_parse(bytes_of_string(path_or_key), verifier, NULL) == 0)
        return 0;
    if (file_read(path_or_key, KEY_FILE_MAX, &text, error) < 0)
        return -1;
    return note_verifier_parse(buffer_bytes(&text), verifier, error);
}

static void append_handover_text(struct buffer *out, const struct note_verifier *from,
                                 const struct note_verifier *to)
{
    buffer_append_string(out, HANDOVER_HEADER);
    note_verifier_append(out, from);
    buffer_append_byte(out, '\n');
    note_verifier_append(out, to);
    buffer_append_byte(out, '\n');
}

int journal_key_append_handover(struct buffer *entry, const struct note_signer *from,
                                const struct note_signer *to, int64_t time, struct error *error)
{
    AUTO_BUFFER text = {0};
    AUTO_BUFFER note = {0};
    append_handover_text(&text, &from->verifier, &to->verifier);
    buffer_append_bytes(&note, buffer_bytes(&text));
    buffer_append_byte(&note, '\n');
    note_append_signature(&note, buffer_bytes(&text), from, 0);
    note_append_signature(&note, buffer_bytes(&text), to, 0);
    const struct journal_fact fact = {"note", buffer_string(&note)};
    const struct journal_entry handover = {
        .time = time,
        .action = JOURNAL_KEY_HANDOVER,
        .object = from->verifier.name,
        .facts = &fact,
        .fact_count = 1,
    };
    return journal_entry_append(entry, &handover, error);
}

bool journal_key_equal(const struct note_verifier *a, const struct note_verifier *b)
{
    return a->algorithm == b->algorithm && strcmp(a->name, b->name) == 0 &&
           memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* The note's text must be the header, the old key and the new one, a line each, and no more. */
static bool parse_handover_text(struct bytes text, struct note_verifier *from,
                                struct note_verifier *to)
{
    AUTO_BUFFER again = {0};
    size_t start = strlen(HANDOVER_HEADER), middle = bytes_find(text, start, "\n");
    if (middle == SIZE_MAX ||
        note_verifier_parse(bytes_slice(text, start, middle - start), from, NULL) < 0 ||
        note_verifier_parse(bytes_slice(text, middle + 1, text.length), to, NULL) < 0)
        return false;
    append_handover_text(&again, from, to);
    return bytes_equal(buffer_bytes(&again), text);
}

static bool handover_holds(const char *text, struct note_verifier *from, struct note_verifier *to,
                           const char *where)
{
    struct note note;
    return text && note_parse(bytes_of_string(text), &note, where, NULL) == 0 &&
           parse_handover_text(note.text, from, to) && strcmp(from->name, to->name) == 0 &&
           from->algorithm == NOTE_ED25519 && to->algorithm == NOTE_ED25519 &&
           note_verify(note.text, note.signatures, from, NULL) == NOTE_SIGNED &&
           note_verify(note.text, note.signatures, to, NULL) == NOTE_SIGNED;
}

int journal_key_read_handover(struct bytes entry, struct note_verifier *from,
                              struct note_verifier *to, const char *where, struct error *error)
{
    /* Parsing every entry of a long log costs more than looking for the word first. */
    if (bytes_find(entry, 0, JOURNAL_KEY_HANDOVER) == SIZE_MAX)
        return 0;
    json_t *object = journal_entry_load(entry, where, NULL);
    if (!object)
        return 0;
    int result = 0;
    const char *action = journal_entry_text(object, "action");
    if (action && strcmp(action, JOURNAL_KEY_HANDOVER) == 0) {
        const char *text = journal_entry_text(json_object_get(object, "facts"), "note");
        result = handover_holds(text, from, to, where) ? 1 : -1;
    }
    json_decref(object);
    if (result < 0)
        error_set(error, "journal_bad_handover", where, "%s", "");
    return result;
}
