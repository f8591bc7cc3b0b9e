/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes, checkpoints and keys: what is accepted is written back as the same bytes. */
#include <stdlib.h>

#include "fuzz.h"
#include "journal/checkpoint.h"

static void read_note(struct bytes in)
{
    AUTO_BUFFER again = {0};
    struct note note;
    struct note_verifier key = {.name = "log.example/town", .algorithm = NOTE_ED25519};
    if (note_parse(in, &note, "note", NULL) < 0)
        return;
    buffer_append_bytes(&again, note.text);
    buffer_append_byte(&again, '\n');
    struct note_signature signature;
    size_t count = 0;
    for (struct bytes lines = note.signatures; note_next_signature(&lines, &signature); count++)
        buffer_append_bytes(&again, signature.line);
    if (count != note.signature_count || !bytes_equal(buffer_bytes(&again), in))
        abort();
    if (note_verify(note.text, note.signatures, &key, NULL) == NOTE_SIGNED)
        abort(); /* nobody has the private half of a key of zeroes */
}

static void read_checkpoint(struct bytes in)
{
    AUTO_BUFFER again = {0};
    struct checkpoint checkpoint;
    if (checkpoint_parse_text(in, &checkpoint, "checkpoint", NULL) < 0)
        return;
    checkpoint_append_text(&again, &checkpoint);
    /* Extension lines may follow; the three lines before them have one form only. */
    if (!bytes_equal(buffer_bytes(&again), bytes_slice(in, 0, again.length)))
        abort();
}

static void read_key(struct bytes in)
{
    AUTO_BUFFER again = {0};
    struct note_verifier verifier;
    if (note_verifier_parse(in, &verifier, NULL) < 0)
        return;
    note_verifier_append(&again, &verifier);
    if (!bytes_equal(buffer_bytes(&again), bytes_slice(in, 0, again.length)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    size_t count;
    read_note(in);
    read_checkpoint(in);
    read_key(in);
    note_parse_signatures(in, &count, "lines", NULL);
    return 0;
}
