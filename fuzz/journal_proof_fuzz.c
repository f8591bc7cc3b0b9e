/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proof files and the hash lines of witness requests. */
#include <stdlib.h>

#include "fuzz.h"
#include "journal/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct journal_proof proof;
    struct merkle_proof path;
    size_t position = 0;
    AUTO_BUFFER extra = {0}, again = {0};
    journal_proof_parse_path(in, &position, &path, "path", NULL);
    if (journal_proof_parse(in, &proof, "proof", NULL) < 0)
        return 0;
    if (proof.extra.length > 0 && journal_proof_read_extra(&proof, &extra, "proof", NULL) < 0)
        abort();
    journal_proof_append(&again, buffer_bytes(&extra), proof.index, &proof.path, proof.note);
    if (!bytes_equal(buffer_bytes(&again), in))
        abort();
    struct note_verifier key = {.name = "log.example/town", .algorithm = NOTE_ED25519};
    if (journal_proof_verify(&proof, buffer_bytes(&extra), &key, NULL) == 0)
        abort();
    return 0;
}
