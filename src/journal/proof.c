/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proof files (C2SP tlog-proof). */
#include "journal/proof.h"

#include <inttypes.h>

#include "journal/base64.h"

#define HEADER "c2sp.org/tlog-proof@v1\n"

enum { PROOF_BYTES_MAX = NOTE_BYTES_MAX + (1 << 20) };

void journal_proof_append(struct buffer *out, struct bytes extra, uint64_t index,
                          const struct merkle_proof *path, struct bytes note)
{
    buffer_append_string(out, HEADER);
    if (extra.length > 0) {
        buffer_append_string(out, "extra ");
        base64_append(out, extra);
        buffer_append_byte(out, '\n');
    }
    buffer_append_format(out, "index %" PRIu64 "\n", index);
    for (size_t i = 0; i < path->count; i++) {
        checkpoint_append_hash(out, &path->hashes[i]);
        buffer_append_byte(out, '\n');
    }
    buffer_append_byte(out, '\n');
    buffer_append_bytes(out, note);
}

static int bad_proof(struct error *error, const char *where, const char *what)
{
    return error_set(error, "journal_bad_proof", where, "%s", what);
}

/* The line at *position without its newline; false when no newline follows. */
static bool take_line(struct bytes bytes, size_t *position, struct bytes *line)
{
    size_t end = bytes_find(bytes, *position, "\n");
    if (end == SIZE_MAX)
        return false;
    *line = bytes_slice(bytes, *position, end - *position);
    *position = end + 1;
    return true;
}

int journal_proof_parse_path(struct bytes bytes, size_t *position, struct merkle_proof *path,
                             const char *where, struct error *error)
{
    path->count = 0;
    for (;;) {
        struct bytes line;
        if (!take_line(bytes, position, &line))
            return bad_proof(error, where, "no empty line");
        if (line.length == 0)
            return 0;
        if (path->count == MERKLE_PROOF_MAX - 1 ||
            !checkpoint_parse_hash(line, &path->hashes[path->count++]))
            return bad_proof(error, where, "hash");
    }
}

int journal_proof_read_extra(const struct journal_proof *proof, struct buffer *out,
                             const char *where, struct error *error)
{
    buffer_reserve(out, proof->extra.length + 1);
    ssize_t length =
        base64_decode(proof->extra, out->data + out->length, out->capacity - out->length);
    if (length < 0)
        return bad_proof(error, where, "extra");
    out->length += (size_t)length;
    return 0;
}

/* Base 64 that does not decode is refused with the rest of the file. */
static bool extra_valid(const struct journal_proof *proof)
{
    AUTO_BUFFER decoded = {0};
    return proof->extra.length > 0 && journal_proof_read_extra(proof, &decoded, "", NULL) == 0;
}

int journal_proof_parse(struct bytes bytes, struct journal_proof *proof, const char *where,
                        struct error *error)
{
    size_t position = strlen(HEADER);
    struct bytes line;
    *proof = (struct journal_proof){0};
    if (bytes.length > PROOF_BYTES_MAX || !bytes_start_with(bytes, HEADER))
        return bad_proof(error, where, "header");
    if (!take_line(bytes, &position, &line))
        return bad_proof(error, where, "index");
    if (bytes_start_with(line, "extra ")) {
        proof->extra = bytes_slice(line, 6, line.length);
        if (!extra_valid(proof) || !take_line(bytes, &position, &line))
            return bad_proof(error, where, "extra");
    }
    if (!bytes_start_with(line, "index ") ||
        !checkpoint_parse_number(bytes_slice(line, 6, line.length), &proof->index))
        return bad_proof(error, where, "index");
    if (journal_proof_parse_path(bytes, &position, &proof->path, where, error) < 0)
        return -1;
    proof->note = bytes_slice(bytes, position, bytes.length);
    struct note note;
    struct checkpoint checkpoint;
    return checkpoint_parse(proof->note, &note, &checkpoint, where, error);
}

int journal_proof_verify(const struct journal_proof *proof, struct bytes entry,
                         const struct note_verifier *log, struct error *error)
{
    struct note note;
    struct checkpoint checkpoint;
    if (checkpoint_parse(proof->note, &note, &checkpoint, "proof", error) < 0)
        return -1;
    if (!bytes_equal_string(checkpoint.origin, log->name) ||
        note_verify(note.text, note.signatures, log, NULL) != NOTE_SIGNED)
        return error_set(error, "journal_bad_signature", "proof", "%s", log->name);
    struct merkle_hash leaf;
    merkle_hash_leaf(entry, &leaf);
    if (!merkle_verify_inclusion(&leaf, proof->index, checkpoint.size, &proof->path,
                                 &checkpoint.root))
        return error_set(error, "journal_proof_fails", "proof", "%" PRIu64, proof->index);
    return 0;
}
