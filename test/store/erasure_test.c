/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erasing personal data from end to end: recorded, sealed, proved, erased, sealed, proved again. */
#include "fixture.h"

#include <stdlib.h>

#include "journal/audit.h"
#include "journal/key.h"
#include "journal/proof.h"
#include "journal/reader.h"
#include "store/record.h"
#include "store/sealing.h"

static const int64_t NOW = 1780000000000;

static void seal(void *state, int64_t now)
{
    struct store_sealing *sealing = NULL;
    struct error error = {0};
    expect_ok(store_sealing_open(scratch_path(state, "town"), NULL, &sealing, &error), &error);
    expect_ok(sealer_step(store_sealing_sealer(sealing), now, &error), &error);
    expect_ok(sealer_flush(store_sealing_sealer(sealing), now, &error), &error);
    store_sealing_close(sealing);
}

/* Appends the proof of the newest entry under the published checkpoint, and the entry itself. */
static void prove_newest(void *state, struct buffer *proof, struct buffer *entry)
{
    struct error error = {0};
    AUTO_BUFFER bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct merkle_proof path;
    struct journal_reader *reader =
        journal_reader_open(scratch_path(state, "town/journal"), &error);
    assert_non_null(reader);
    expect_ok(journal_reader_checkpoint(reader, &bytes, &error), &error);
    expect_ok(checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "checkpoint", &error),
              &error);
    journal_reader_set_size(reader, checkpoint.size);
    struct merkle_source source = journal_reader_source(reader);
    uint64_t index = checkpoint.size - 1;
    expect_ok(journal_reader_entry(reader, index, entry, &error), &error);
    expect_ok(merkle_prove_inclusion(&source, index, checkpoint.size, &path, &error), &error);
    journal_proof_append(proof, (struct bytes){NULL, 0}, index, &path, buffer_bytes(&bytes));
    journal_reader_free(reader);
}

static void load_key(void *state, struct note_verifier *key)
{
    struct error error = {0};
    expect_ok(journal_key_load_public(scratch_path(state, "town/keys/journal.pub"), key, &error),
              &error);
}

static void expect_proved(void *state, const struct buffer *bytes, const struct buffer *entry)
{
    struct error error = {0};
    struct journal_proof proof;
    struct note_verifier key;
    load_key(state, &key);
    expect_ok(journal_proof_parse(buffer_bytes(bytes), &proof, "proof", &error), &error);
    expect_ok(journal_proof_verify(&proof, buffer_bytes(entry), &key, &error), &error);
}

static void expect_honest(void *state)
{
    struct note_verifier key;
    load_key(state, &key);
    struct journal_audit_settings settings = {.log = &key};
    struct journal_audit *audit = journal_audit_run(scratch_path(state, "town/journal"), &settings);
    assert_int_equal(audit->problem_count, 0);
    assert_int_equal(audit->checked, audit->size);
    free(audit);
}

static void every_proof_stays_valid_when_personal_data_is_erased(void **state)
{
    struct error error = {0};
    struct store *store = NULL;
    struct store_digest digest;
    AUTO_BUFFER proof = {0}, entry = {0}, erasure_proof = {0}, erasure = {0}, read = {0};
    expect_ok(store_setup(scratch_path(*state, "town"), "みほん市", NULL, &error), &error);
    expect_ok(store_open(scratch_path(*state, "town"), &store, &error), &error);
    expect_ok(store_begin(store, &error), &error);
    expect_ok(store_personal_add(store, bytes_of_string("関所 花子"), &digest, &error), &error);
    struct store_personal named = {.field = "applicant.name", .digest = digest};
    struct store_entry applied = {.actor = "soumu-01",
                                  .action = "case.open",
                                  .object = "case/1",
                                  .personal = &named,
                                  .personal_count = 1};
    expect_ok(store_record(store, &applied, &error), &error);
    expect_ok(store_commit(store, &error), &error);
    seal(*state, NOW);
    prove_newest(*state, &proof, &entry);
    expect_proved(*state, &proof, &entry);
    assert_int_equal(bytes_find(buffer_bytes(&entry), 0, "花子"), SIZE_MAX);

    struct store_entry request = {.actor = "soumu-01", .reason = "本人の請求"};
    expect_ok(store_begin(store, &error), &error);
    assert_int_equal(store_personal_erase(store, &digest, &request, &error), 1);
    expect_ok(store_commit(store, &error), &error);
    seal(*state, NOW + 1000);
    assert_int_equal(store_personal_read(store, &digest, &read, &error), 0);
    store_close(store);

    expect_proved(*state, &proof, &entry);
    prove_newest(*state, &erasure_proof, &erasure);
    expect_proved(*state, &erasure_proof, &erasure);
    assert_int_not_equal(bytes_find(buffer_bytes(&erasure), 0, "personal.erase"), SIZE_MAX);
    assert_int_not_equal(bytes_find(buffer_bytes(&erasure), 0, "\"time\""), SIZE_MAX);
    expect_honest(*state);
    entry.data[entry.length / 2] ^= 1; /* and a proof is worth something */
    struct journal_proof parsed;
    struct note_verifier key;
    load_key(*state, &key);
    expect_ok(journal_proof_parse(buffer_bytes(&proof), &parsed, "proof", &error), &error);
    expect_code(journal_proof_verify(&parsed, buffer_bytes(&entry), &key, &error), &error,
                "journal_proof_fails");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(every_proof_stays_valid_when_personal_data_is_erased),
    };
    return cmocka_run_group_tests_name("erasure", tests, NULL, NULL);
}
