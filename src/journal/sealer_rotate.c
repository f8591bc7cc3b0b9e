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

static int refuse_signature(const struct sealer *sealer, struct error *error)
{
    return error_set(error, "journal_bad_signature", "checkpoint", "%s",
                     sealer->signer.verifier.name);
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

/* True when the last entry of the journal hands over from the present key to next. */
static int last_entry_hands_over(const struct sealer *sealer, const struct note_signer *next,
                                 bool *does, struct error *error)
{
    AUTO_BUFFER last = {0};
    struct note_verifier to;
    if (journal_last_entry(sealer->journal, &last, error) < 0)
        return -1;
    *does = journal_key_read_handover(buffer_bytes(&last), &sealer->signer.verifier, &to, "",
                                      NULL) == 1 &&
            memcmp(to.key, next->verifier.key, sizeof to.key) == 0;
    return 0;
}

static int finish(struct sealer *sealer, const struct next_paths *paths, int64_t now,
                  struct error *error)
{
    struct note_signer next;
    const char *key = (const char *)paths->key.data;
    bool hands_over = false;
    bool signed_by_present = published_is_signed_by(sealer, &sealer->signer.verifier);
    if (!file_exists(key))
        return signed_by_present ? 0 : refuse_signature(sealer, error);
    if (journal_key_load(key, &next, error) < 0 ||
        last_entry_hands_over(sealer, &next, &hands_over, error) < 0)
        return -1;
    int result = 0;
    if (!signed_by_present && !(hands_over && published_is_signed_by(sealer, &next.verifier)))
        result = refuse_signature(sealer, error);
    else if (hands_over)
        result = switch_keys(sealer, &next, paths, now, error);
    else if (unlink(key) < 0 ||
             (unlink((const char *)paths->public_key.data) < 0 && errno != ENOENT))
        result = file_error(error, key);
    note_signer_wipe(&next);
    return result;
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
