/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <sys/stat.h>

#include "base/file.h"
#include "journal/witness.h"
#include "scratch.h"

#define ORIGIN "log.example/town"

enum { LEAVES = 16 };

static struct note_signer log_signer, witness_signer;
static struct witness *witness;
static struct merkle_hash leaves[LEAVES];
static char directory[300];

static int read_subtree(void *context, unsigned level, uint64_t index, struct merkle_hash *out,
                        struct error *error)
{
    (void)context;
    (void)error;
    merkle_hash_subtree(&leaves[index << level], (size_t)1 << level, out);
    return 0;
}

static const struct merkle_source source = {read_subtree, NULL};

static int set_up(void **state)
{
    struct error error = {0};
    if (scratch_setup(state) < 0)
        return -1;
    snprintf(directory, sizeof directory, "%s", scratch_root(*state));
    for (uint8_t i = 0; i < LEAVES; i++)
        merkle_hash_leaf((struct bytes){&i, 1}, &leaves[i]);
    note_signer_generate(ORIGIN, NOTE_ED25519, &log_signer, &error);
    note_signer_generate("w.example", NOTE_COSIGNATURE, &witness_signer, &error);
    witness = witness_open(directory, &witness_signer, &log_signer.verifier, 1, &error);
    return witness ? 0 : -1;
}

static int tear_down(void **state)
{
    witness_close(witness);
    return scratch_teardown(state);
}

struct request {
    const char *origin;
    uint64_t old_size, size, proof_from;
    bool change_root;
    const struct note_signer *signer;
};

static struct request request_for(uint64_t old_size, uint64_t size)
{
    return (struct request){ORIGIN, old_size, size, old_size, false, &log_signer};
}

static void append_request(struct buffer *out, const struct request *request)
{
    struct merkle_proof proof;
    AUTO_BUFFER text = {0};
    struct checkpoint checkpoint = {.origin = bytes_of_string(request->origin),
                                    .size = request->size};
    merkle_root(&source, request->size, &checkpoint.root, NULL);
    checkpoint.root.bytes[0] ^= request->change_root;
    proof.count = 0;
    if (request->proof_from <= request->size)
        merkle_prove_consistency(&source, request->proof_from, request->size, &proof, NULL);
    buffer_append_format(out, "old %llu\n", (unsigned long long)request->old_size);
    for (size_t i = 0; i < proof.count; i++) {
        checkpoint_append_hash(out, &proof.hashes[i]);
        buffer_append_byte(out, '\n');
    }
    buffer_append_byte(out, '\n');
    checkpoint_append_text(&text, &checkpoint);
    buffer_append_bytes(out, buffer_bytes(&text));
    buffer_append_byte(out, '\n');
    note_append_signature(out, buffer_bytes(&text), request->signer, 0);
}

/* Sends a request and gives the status; the body of the answer must be the expected one. */
static int send(struct request request, const char *expected)
{
    AUTO_BUFFER body = {0};
    struct witness_answer answer;
    append_request(&body, &request);
    witness_add_checkpoint(witness, buffer_bytes(&body), 1700000000, &answer, NULL);
    if (expected)
        assert_string_equal(buffer_string(&answer.body), expected);
    int status = answer.status;
    buffer_free(&answer.body);
    return status;
}

static int send_text(const char *text)
{
    struct witness_answer answer;
    witness_add_checkpoint(witness, bytes_of_string(text), 1700000000, &answer, NULL);
    int status = answer.status;
    buffer_free(&answer.body);
    return status;
}

static void witness_cosigns_what_continues(void **state)
{
    (void)state;
    for (uint64_t old = 0; old < LEAVES; old += 3) {
        struct request request = request_for(old, old + 3);
        AUTO_BUFFER body = {0};
        struct witness_answer answer;
        struct note note;
        uint64_t time;
        append_request(&body, &request);
        witness_add_checkpoint(witness, buffer_bytes(&body), 1700000000 + old, &answer, NULL);
        assert_int_equal(answer.status, 200);
        size_t start = bytes_find(buffer_bytes(&body), 0, "\n\n") + 2;
        note_parse(bytes_slice(buffer_bytes(&body), start, body.length), &note, "", NULL);
        assert_int_equal(
            note_verify(note.text, buffer_bytes(&answer.body), &witness_signer.verifier, &time),
            NOTE_SIGNED);
        assert_int_equal(time, 1700000000 + old);
        buffer_free(&answer.body);
        if (old + 6 > LEAVES)
            break;
    }
}

static void witness_refuses_what_it_cannot_trust(void **state)
{
    (void)state;
    struct note_signer stranger;
    note_signer_generate(ORIGIN, NOTE_ED25519, &stranger, NULL);
    struct request unknown = request_for(0, 3), forged = request_for(0, 3);
    unknown.origin = "other.example";
    forged.signer = &stranger;
    assert_int_equal(send(unknown, ""), 404);
    assert_int_equal(send(forged, ""), 403);
    assert_int_equal(send(request_for(4, 3), NULL), 400);
    assert_int_equal(send_text(""), 400);
    assert_int_equal(send_text("old 0\n"), 400);
    assert_int_equal(send_text("old 00\n\n"), 400);
    assert_int_equal(send_text("old 0\nAAAA\n\n"), 400);
}

static void witness_answers_a_wrong_old_size_with_the_one_it_knows(void **state)
{
    (void)state;
    assert_int_equal(send(request_for(2, 3), "0\n"), 409);
    assert_int_equal(send(request_for(0, 5), NULL), 200);
    assert_int_equal(send(request_for(0, 8), "5\n"), 409);
    assert_int_equal(send(request_for(3, 8), "5\n"), 409);
    assert_int_equal(send(request_for(5, 8), NULL), 200);
    assert_int_equal(send(request_for(5, 8), "8\n"), 409);
    assert_int_equal(send(request_for(8, 8), NULL), 200);
}

static void witness_refuses_another_history(void **state)
{
    (void)state;
    assert_int_equal(send(request_for(0, 5), NULL), 200);
    struct request changed = request_for(5, 8), same_size = request_for(5, 5),
                   wrong_proof = request_for(5, 8);
    changed.change_root = same_size.change_root = true;
    wrong_proof.proof_from = 4;
    assert_int_equal(send(changed, ""), 422);
    assert_int_equal(send(wrong_proof, ""), 422);
    assert_int_equal(send(same_size, "5\n"), 409);
    assert_int_equal(send(request_for(5, 8), NULL), 200);
}

static void witness_remembers_after_a_restart(void **state)
{
    (void)state;
    assert_int_equal(send(request_for(0, 5), NULL), 200);
    assert_null(witness_open(directory, &witness_signer, &log_signer.verifier, 1, NULL));
    witness_close(witness);
    witness = witness_open(directory, &witness_signer, &log_signer.verifier, 1, NULL);
    assert_non_null(witness);
    assert_int_equal(send(request_for(0, 5), "5\n"), 409);
}

static void witness_does_not_sign_when_its_memory_is_not_its_own(void **state)
{
    (void)state;
    AUTO_BUFFER body = {0};
    AUTO_BUFFER digits = {0};
    struct witness_answer answer;
    struct merkle_hash hash;
    struct request request = request_for(0, 5);
    assert_int_equal(send(request, NULL), 200);
    merkle_hash_data(bytes_of_string(ORIGIN), &hash);
    for (size_t i = 0; i < sizeof hash.bytes; i++)
        buffer_append_format(&digits, "%02x", hash.bytes[i]);
    assert_int_equal(witness_get_checkpoint(witness, buffer_string(&digits), &answer, NULL), 0);
    assert_int_equal(answer.status, 200);
    buffer_free(&answer.body);
    assert_int_equal(witness_get_checkpoint(witness, "../../etc/passwd", &answer, NULL), 0);
    assert_int_equal(answer.status, 404);
    buffer_free(&answer.body);
    append_request(&body, &request); /* a checkpoint of the log, without our signature */
    size_t start = bytes_find(buffer_bytes(&body), 0, "\n\n") + 2;
    char path[500];
    snprintf(path, sizeof path, "%s/%s.checkpoint", directory, buffer_string(&digits));
    file_replace(path, bytes_slice(buffer_bytes(&body), start, body.length), 0600, NULL);
    assert_int_equal(send(request_for(5, 8), ""), 500);
}

#define WITNESS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITNESS_TEST(witness_cosigns_what_continues),
        WITNESS_TEST(witness_refuses_what_it_cannot_trust),
        WITNESS_TEST(witness_answers_a_wrong_old_size_with_the_one_it_knows),
        WITNESS_TEST(witness_refuses_another_history),
        WITNESS_TEST(witness_remembers_after_a_restart),
        WITNESS_TEST(witness_does_not_sign_when_its_memory_is_not_its_own),
    };
    return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
