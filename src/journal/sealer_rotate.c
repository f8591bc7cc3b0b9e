/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Key rotation. The new key waits beside the old one under the name <key>.next; the hand-over entry
 * decides whether it counts: once that is durable the rotation goes through, whatever happens.
 */
#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/key.h"
#include "journal/sealer_internal.h"

#define NEXT_SUFFIX ".next"

struct next_paths {
    struct buffer key;
    struct buffer public_key;
};

static void free_next_paths(struct next_paths *paths)
{
    buffer_free(&paths->key);
    buffer_free(&paths->public_key);
}

static struct next_paths next_paths(const struct sealer *sealer)
{
    struct next_paths paths = {0};
    buffer_append_format(&paths.key, "%s" NEXT_SUFFIX, sealer->paths.key);
    buffer_append_format(&paths.public_key, "%s" NEXT_SUFFIX, sealer->paths.public_key);
    buffer_string(&paths.key);
    buffer_string(&paths.public_key);
    return paths;
}

static bool published_is_signed_by(const struct sealer *sealer, const struct note_verifier *key)
{
    return note_verify(buffer_bytes(&sealer->text), buffer_bytes(&sealer->signature), key, NULL) ==
           NOTE_SIGNED;
}

/* The hand-over is durable: the new key signs from here on, and takes the old one's place. */
static int switch_keys(struct sealer *sealer, const struct note_signer *next,
                       const struct next_paths *paths, int64_t now, struct error *error)
{
    sealer->signer = *next;
    if (!published_is_signed_by(sealer, &next->verifier) && sealer_seal(sealer, now, error) < 0)
        return -1;
    const char *public_key = (const char *)paths->public_key.data;
    if (file_exists(public_key) && file_rename(public_key, sealer->paths.public_key, error) < 0)
        return -1;
    return file_rename((const char *)paths->key.data, sealer->paths.key, error);
}

/* 1 when the last entry of the journal hands over from the present key to *to, 0 when not. */
static int read_last_handover(const struct sealer *sealer, struct note_verifier *to,
                              struct error *error)
{
    AUTO_BUFFER last = {0};
    struct note_verifier from;
    if (journal_last_entry(sealer->journal, &last, error) < 0)
        return -1;
    return journal_key_read_handover(buffer_bytes(&last), &from, to, "", NULL) == 1 &&
           journal_key_equal(&from, &sealer->signer.verifier);
}

/* A key that no entry names, perhaps half-written: the rotation never was. */
static int forget_next(const struct next_paths *paths, struct error *error)
{
    const char *files[] = {(const char *)paths->key.data, (const char *)paths->public_key.data};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (unlink(files[i]) < 0 && errno != ENOENT)
            return file_error(error, files[i]);
    return 0;
}

static int take_next(struct sealer *sealer, const struct note_verifier *to,
                     const struct next_paths *paths, int64_t now, struct error *error)
{
    struct note_signer next;
    const char *key = (const char *)paths->key.data;
    if (journal_key_load(key, &next, error) < 0)
        return -1;
    int result = journal_key_equal(to, &next.verifier)
                     ? switch_keys(sealer, &next, paths, now, error)
                     : error_set(error, "journal_bad_handover", key, "%s", to->name);
    note_signer_wipe(&next);
    return result;
}

static int finish(struct sealer *sealer, const struct next_paths *paths, int64_t now,
                  struct error *error)
{
    struct note_verifier to;
    int hands_over = read_last_handover(sealer, &to, error);
    if (hands_over < 0)
        return -1;
    if (!published_is_signed_by(sealer, &sealer->signer.verifier) &&
        !(hands_over && published_is_signed_by(sealer, &to)))
        return error_set(error, "journal_bad_signature", "checkpoint", "%s",
                         sealer->signer.verifier.name);
    return hands_over ? take_next(sealer, &to, paths, now, error) : forget_next(paths, error);
}

int sealer_finish_rotation(struct sealer *sealer, int64_t now, struct error *error)
{
    struct next_paths paths = next_paths(sealer);
    int result = finish(sealer, &paths, now, error);
    free_next_paths(&paths);
    return result;
}

static int append_handover(struct sealer *sealer, const struct next_paths *paths, int64_t now,
                           struct error *error)
{
    struct note_signer next;
    AUTO_BUFFER entry = {0};
    const char *key = (const char *)paths->key.data;
    if (journal_key_generate(key, (const char *)paths->public_key.data,
                             sealer->signer.verifier.name, NOTE_ED25519, error) < 0 ||
        journal_key_load(key, &next, error) < 0)
        return -1;
    int result = journal_key_append_handover(&entry, &sealer->signer, &next, now, error);
    note_signer_wipe(&next);
    if (result < 0)
        return -1;
    struct bytes bytes = buffer_bytes(&entry);
    return journal_append(sealer->journal, &bytes, 1, journal_position(sealer->journal), error);
}

int sealer_rotate_key(struct sealer *sealer, int64_t now, struct error *error)
{
    if (sealer_flush(sealer, now, error) < 0)
        return -1;
    struct next_paths paths = next_paths(sealer);
    int result = append_handover(sealer, &paths, now, error);
    if (result == 0)
        result = finish(sealer, &paths, now, error);
    free_next_paths(&paths);
    if (result < 0) { /* what was begun is finished or forgotten when the journal opens again */
        journal_close(sealer->journal);
        sealer->journal = NULL;
    }
    return result;
}
