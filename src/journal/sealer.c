/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking entries, signing trees, and never signing two histories. */
#include "journal/sealer.h"

#include <inttypes.h>

#include "base/file.h"
#include "base/memory.h"
#include "journal/key.h"
#include "journal/reader.h"
#include "journal/sealer_internal.h"

enum { STATE_MODE = 0600 };

void sealer_close(struct sealer *sealer)
{
    if (!sealer)
        return;
    journal_close(sealer->journal);
    note_signer_wipe(&sealer->signer);
    buffer_free(&sealer->text);
    buffer_free(&sealer->signature);
    buffer_free(&sealer->cosignatures);
    free(sealer);
}

/* The root of the first size entries, out of the tiles of the published tree or a larger one. */
static int root_at(const struct sealer *sealer, uint64_t size, struct merkle_hash *root,
                   struct error *error)
{
    uint64_t tree_size = journal_published_size(sealer->journal);
    if (size > tree_size) {
        tree_size = journal_size(sealer->journal);
        if (journal_prepare(sealer->journal, error) < 0)
            return -1;
    }
    return journal_reader_root(sealer->paths.journal, tree_size, size, root, error);
}

/* The journal must begin with the tree that was last signed, or was about to be. */
static int check_state(const struct sealer *sealer, struct error *error)
{
    AUTO_BUFFER bytes = {0};
    struct checkpoint state;
    struct merkle_hash root;
    const char *path = sealer->paths.state;
    if (file_read(path, NOTE_BYTES_MAX, &bytes, error) < 0 ||
        checkpoint_parse_text(buffer_bytes(&bytes), &state, path, error) < 0)
        return -1;
    if (!bytes_equal_string(state.origin, sealer->signer.verifier.name))
        return error_set(error, "journal_other_origin", path, "%.*s", (int)state.origin.length,
                         (const char *)state.origin.data);
    if (state.size > journal_size(sealer->journal))
        return error_set(error, "journal_rolled_back", sealer->paths.journal,
                         "%" PRIu64 " < %" PRIu64, journal_size(sealer->journal), state.size);
    if (root_at(sealer, state.size, &root, error) < 0)
        return -1;
    if (!merkle_hash_equal(&root, &state.root))
        return error_set(error, "journal_two_histories", sealer->paths.journal, "%" PRIu64,
                         state.size);
    return 0;
}

/* Takes over the cosignatures of the published checkpoint. */
static void load_cosignatures(struct sealer *sealer, const struct note *note, uint64_t size)
{
    sealer->cosigned = 0;
    buffer_clear(&sealer->cosignatures);
    for (size_t i = 0; i < sealer->witnesses.count; i++) {
        const struct note_verifier *key = &sealer->witnesses.keys[i];
        struct bytes lines = note->signatures;
        struct note_signature line;
        if (note_verify(note->text, note->signatures, key, NULL) != NOTE_SIGNED)
            continue;
        while (note_next_signature(&lines, &line))
            if (line.id == key->id && bytes_equal_string(line.name, key->name))
                buffer_append_bytes(&sealer->cosignatures, line.line);
        sealer->records[i].known = size;
        sealer->records[i].result = WITNESS_SIGNED;
        sealer->cosigned++;
    }
}

static int load_published(struct sealer *sealer, struct error *error)
{
    AUTO_BUFFER bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct journal_reader *reader = journal_reader_open(sealer->paths.journal, error);
    if (!reader)
        return -1;
    int result = journal_reader_checkpoint(reader, &bytes, error);
    journal_reader_free(reader);
    if (result < 0 ||
        checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "checkpoint", error) < 0)
        return -1;
    buffer_clear(&sealer->text);
    buffer_clear(&sealer->signature);
    buffer_append_bytes(&sealer->text, note.text);
    struct bytes lines = note.signatures;
    struct note_signature line;
    while (note_next_signature(&lines, &line))
        if (bytes_equal_string(line.name, sealer->signer.verifier.name))
            buffer_append_bytes(&sealer->signature, line.line);
    load_cosignatures(sealer, &note, checkpoint.size);
    return 0;
}

static int open_journal(struct sealer *sealer, int64_t now, struct error *error)
{
    if (sealer->journal)
        return 0;
    sealer->journal = journal_open(sealer->paths.journal, sealer->signer.verifier.name, error);
    if (sealer->journal && load_published(sealer, error) == 0 && check_state(sealer, error) == 0 &&
        sealer_finish_rotation(sealer, now, error) == 0)
        return 0;
    journal_close(sealer->journal);
    sealer->journal = NULL;
    return -1;
}

int sealer_create(const struct sealer_paths *paths, const char *origin, int64_t now,
                  struct error *error)
{
    AUTO_BUFFER text = {0};
    struct checkpoint empty = {.origin = bytes_of_string(origin), .size = 0};
    if (journal_create(paths->journal, origin, error) < 0 ||
        journal_key_generate(paths->key, paths->public_key, origin, NOTE_ED25519, error) < 0)
        return -1;
    merkle_hash_data((struct bytes){NULL, 0}, &empty.root);
    checkpoint_append_text(&text, &empty);
    if (file_create(paths->state, buffer_bytes(&text), STATE_MODE, error) < 0)
        return -1;
    struct sealer *sealer = memory_allocate(1, sizeof *sealer);
    sealer->paths = *paths;
    int result = journal_key_load(paths->key, &sealer->signer, error);
    if (result == 0) {
        sealer->journal = journal_open(paths->journal, origin, error);
        result = sealer->journal ? sealer_seal(sealer, now, error) : -1;
    }
    sealer_close(sealer);
    return result;
}

struct sealer *sealer_open(const struct sealer_paths *paths, const struct sealer_source *source,
                           const struct sealer_witnesses *witnesses, struct error *error)
{
    struct sealer *sealer = memory_allocate(1, sizeof *sealer);
    sealer->paths = *paths;
    sealer->source = *source;
    if (witnesses)
        sealer->witnesses = *witnesses;
    if (sealer->witnesses.count > SEALER_WITNESSES_MAX ||
        sealer->witnesses.quorum > sealer->witnesses.count) {
        error_set(error, "journal_bad_quorum", "", "%zu / %zu", sealer->witnesses.quorum,
                  sealer->witnesses.count);
    } else if (journal_key_load(paths->key, &sealer->signer, error) == 0 &&
               open_journal(sealer, 0, error) == 0) {
        return sealer;
    }
    sealer_close(sealer);
    return NULL;
}

int sealer_publish(struct sealer *sealer, struct error *error)
{
    AUTO_BUFFER note = {0};
    buffer_append_bytes(&note, buffer_bytes(&sealer->text));
    buffer_append_byte(&note, '\n');
    buffer_append_bytes(&note, buffer_bytes(&sealer->signature));
    buffer_append_bytes(&note, buffer_bytes(&sealer->cosignatures));
    return journal_publish(sealer->journal, buffer_bytes(&note), error);
}

int sealer_seal(struct sealer *sealer, int64_t now, struct error *error)
{
    struct checkpoint checkpoint = {.origin = bytes_of_string(sealer->signer.verifier.name),
                                    .size = journal_size(sealer->journal)};
    if (journal_prepare(sealer->journal, error) < 0)
        return -1;
    journal_root(sealer->journal, &checkpoint.root);
    buffer_clear(&sealer->text);
    buffer_clear(&sealer->signature);
    buffer_clear(&sealer->cosignatures);
    checkpoint_append_text(&sealer->text, &checkpoint);
    /* First it is on record what will be signed, then it is signed. */
    if (file_replace(sealer->paths.state, buffer_bytes(&sealer->text), STATE_MODE, error) < 0)
        return -1;
    note_append_signature(&sealer->signature, buffer_bytes(&sealer->text), &sealer->signer, 0);
    sealer->cosigned = 0;
    for (size_t i = 0; i < sealer->witnesses.count; i++)
        if (sealer->records[i].result == WITNESS_SIGNED)
            sealer->records[i].result = WITNESS_NOT_ASKED;
    if (sealer_publish(sealer, error) < 0)
        return -1;
    sealer->sealed_at = now;
    return sealer->source.sealed
               ? sealer->source.sealed(sealer->source.context, journal_position(sealer->journal),
                                       checkpoint.size, error)
               : 0;
}

static bool seal_is_due(const struct sealer *sealer, int64_t now, bool flush)
{
    if (journal_size(sealer->journal) == journal_published_size(sealer->journal))
        return false;
    return flush || now - sealer->sealed_at >= SEALER_INTERVAL_MS || now < sealer->sealed_at;
}

/* Takes batches until the source has no more or, unless all are wanted, a checkpoint is due. */
static int take_entries(struct sealer *sealer, int64_t now, bool all, struct error *error)
{
    size_t taken = 0;
    do {
        struct sealer_batch *batch = &sealer->batch;
        batch->count = 0;
        batch->position = journal_position(sealer->journal);
        if (sealer->source.read(sealer->source.context, batch->position, batch, error) < 0 ||
            journal_append(sealer->journal, batch->entries, batch->count, batch->position, error) <
                0)
            return -1;
        taken += batch->count;
    } while (sealer->batch.count > 0 &&
             (all || (taken < SEALER_STEP_MAX && !seal_is_due(sealer, now, false))));
    return 0;
}

static int run_step(struct sealer *sealer, int64_t now, bool flush, struct error *error)
{
    if (open_journal(sealer, now, error) < 0)
        return -1;
    if (take_entries(sealer, now, flush, error) < 0 ||
        (seal_is_due(sealer, now, flush) && sealer_seal(sealer, now, error) < 0) ||
        sealer_ask_witnesses(sealer, now, error) < 0) {
        journal_close(sealer->journal);
        sealer->journal = NULL;
        return -1;
    }
    return 0;
}

int sealer_step(struct sealer *sealer, int64_t now, struct error *error)
{
    return run_step(sealer, now, false, error);
}

int sealer_flush(struct sealer *sealer, int64_t now, struct error *error)
{
    return run_step(sealer, now, true, error);
}

bool sealer_is_sealed(const struct sealer *sealer)
{
    return sealer->journal &&
           journal_size(sealer->journal) == journal_published_size(sealer->journal) &&
           sealer->cosigned >= sealer->witnesses.quorum;
}

size_t sealer_cosigned(const struct sealer *sealer)
{
    return sealer->cosigned;
}
