/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "journal/checkpoint.h"
#include "journal/proof.h"

/* The example of Go's note package, from which the specification grew. */
#define EXAMPLE_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define EXAMPLE_PRIVATE                                                                            \
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define EXAMPLE_TEXT                                                                               \
    "If you think cryptography is the answer to your problem,\n"                                   \
    "then you don't know what your problem is.\n"
#define EXAMPLE_LINE                                                                               \
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp" \
    "RZb6KE6RyyBwJnAM=\n"

/* The checkpoint of C2SP tlog-checkpoint and tlog-cosignature. */
#define CHECKPOINT_TEXT                                                                            \
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define CHECKPOINT_LINES                                                                           \
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc" \
    "yv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"                                                           \
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX" \
    "3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"

static struct note_verifier example_key(void)
{
    struct note_verifier verifier;
    assert_int_equal(note_verifier_parse(bytes_of_string(EXAMPLE_KEY), &verifier, NULL), 0);
    return verifier;
}

static enum note_verdict verdict_of(const char *text, const struct note_verifier *verifier)
{
    struct note note;
    if (note_parse(bytes_of_string(text), &note, "", NULL) < 0)
        return NOTE_UNSIGNED;
    return note_verify(note.text, note.signatures, verifier, NULL);
}

static void note_verifies_the_published_example(void **state)
{
    (void)state;
    struct note_verifier verifier = example_key();
    assert_int_equal(verdict_of(EXAMPLE_TEXT "\n" EXAMPLE_LINE, &verifier), NOTE_SIGNED);
    assert_int_equal(verdict_of("x" EXAMPLE_TEXT "\n" EXAMPLE_LINE, &verifier), NOTE_FORGED);
    verifier.id ^= 1;
    assert_int_equal(verdict_of(EXAMPLE_TEXT "\n" EXAMPLE_LINE, &verifier), NOTE_UNSIGNED);
}

static void note_signs_the_published_example(void **state)
{
    (void)state;
    struct note_signer signer;
    AUTO_BUFFER out = {0};
    assert_int_equal(note_signer_parse(bytes_of_string(EXAMPLE_PRIVATE), &signer, NULL), 0);
    note_append_signature(&out, bytes_of_string(EXAMPLE_TEXT), &signer, 0);
    assert_string_equal(buffer_string(&out), EXAMPLE_LINE);
    buffer_clear(&out);
    note_signer_append(&out, &signer);
    assert_string_equal(buffer_string(&out), EXAMPLE_PRIVATE);
    buffer_clear(&out);
    note_verifier_append(&out, &signer.verifier);
    assert_string_equal(buffer_string(&out), EXAMPLE_KEY);
}

static void note_cosignature_carries_its_time(void **state)
{
    (void)state;
    struct note_signer signer;
    AUTO_BUFFER out = {0};
    uint64_t time = 0;
    assert_int_equal(note_signer_generate("w.example/1", NOTE_COSIGNATURE, &signer, NULL), 0);
    note_append_signature(&out, bytes_of_string(CHECKPOINT_TEXT), &signer, 1679315147);
    assert_int_equal(
        note_verify(bytes_of_string(CHECKPOINT_TEXT), buffer_bytes(&out), &signer.verifier, &time),
        NOTE_SIGNED);
    assert_int_equal(time, 1679315147);
    assert_int_equal(
        note_verify(bytes_of_string(EXAMPLE_TEXT), buffer_bytes(&out), &signer.verifier, &time),
        NOTE_FORGED);
    struct note_verifier log = signer.verifier;
    log.algorithm = NOTE_ED25519; /* the same key must not pass for the other algorithm */
    assert_int_equal(note_verify(bytes_of_string(CHECKPOINT_TEXT), buffer_bytes(&out), &log, NULL),
                     NOTE_FORGED);
}

static void note_refuses_what_the_specification_forbids(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n" EXAMPLE_LINE,                               /* no empty line */
        "text\n\n" EXAMPLE_LINE "\n",                        /* nothing after the last empty line */
        "text\n\n" EXAMPLE_LINE "x",                         /* no final newline */
        "te\txt\n\n" EXAMPLE_LINE,                           /* control character */
        "te\rxt\n\n" EXAMPLE_LINE,                           /* control character */
        "te\xFFxt\n\n" EXAMPLE_LINE,                         /* not UTF-8 */
        "text\n\n- PeterNeumann x08go/ZJkuBS9UG/\n",         /* hyphen for dash */
        "text\n\n— PeterNeumann  x08go/ZJkuBS9UG/\n",        /* two spaces */
        "text\n\n— Peter+Neumann x08go/ZJkuBS9UG/\n",        /* plus in the name */
        "text\n\n— Peter\xE3\x80\x80Neumann x08go/ZJkuBS\n", /* ideographic space */
        "text\n\n—  x08go/ZJkuBS9UG/\n",                     /* no name */
        "text\n\n— PeterNeumann x08go/ZJkuBS9U=\n",          /* bits behind the end */
        "text\n\n— PeterNeumann x08go/ZJkuBS9UG\n",          /* no padding */
        "text\n\n— PeterNeumann x08gow==\n",                 /* key id alone */
        "text\n\n— PeterNeumann x08go/ZJkuBS9UG/ \n",        /* trailing space */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct note note;
        struct error error = {0};
        if (note_parse(bytes_of_string(bad[i]), &note, "n", &error) == 0)
            fail_msg("accepted: %s", bad[i]);
        assert_string_equal(error.code, "journal_bad_note");
    }
}

static void note_splits_at_the_last_empty_line(void **state)
{
    (void)state;
    struct note note;
    assert_int_equal(
        note_parse(bytes_of_string("a\n\nb\n\n" EXAMPLE_LINE EXAMPLE_LINE), &note, "n", NULL), 0);
    assert_true(bytes_equal_string(note.text, "a\n\nb\n"));
    assert_int_equal(note.signature_count, 2);
}

static void note_limits_the_number_of_signatures(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    struct note note;
    buffer_append_string(&out, "text\n\n");
    for (int i = 0; i < NOTE_SIGNATURES_MAX; i++)
        buffer_append_string(&out, EXAMPLE_LINE);
    assert_int_equal(note_parse(buffer_bytes(&out), &note, "n", NULL), 0);
    buffer_append_string(&out, EXAMPLE_LINE);
    assert_int_equal(note_parse(buffer_bytes(&out), &note, "n", NULL), -1);
}

static void note_keys_are_read_strictly(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* id */
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* upper case */
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",   /* short */
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* algorithm 2 */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct note_verifier verifier;
        struct error error = {0};
        if (note_verifier_parse(bytes_of_string(bad[i]), &verifier, &error) == 0)
            fail_msg("accepted: %s", bad[i]);
        assert_string_equal(error.code, "journal_bad_key");
    }
}

static void checkpoint_reads_the_published_example(void **state)
{
    (void)state;
    struct note note;
    struct checkpoint checkpoint;
    assert_int_equal(checkpoint_parse(bytes_of_string(CHECKPOINT_TEXT "\n" CHECKPOINT_LINES), &note,
                                      &checkpoint, "c", NULL),
                     0);
    assert_int_equal(checkpoint.size, 20852163);
    assert_int_equal(note.signature_count, 2);
    AUTO_BUFFER out = {0};
    checkpoint_append_text(&out, &checkpoint);
    assert_string_equal(buffer_string(&out), CHECKPOINT_TEXT);
}

static void checkpoint_is_read_strictly(void **state)
{
    (void)state;
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    static const char *const bad[] = {
        "\n1\n" ROOT "\n",
        "o\n01\n" ROOT "\n",
        "o\n+1\n" ROOT "\n",
        "o\n\n" ROOT "\n",
        "o\n9223372036854775808\n" ROOT "\n",
        "o\n1\n" ROOT,
        "o\n1\nCsUY\n",
        "o\n1\n" ROOT "A\n",
        "o\n1\n" ROOT "\n\nx\n",
        "o\n1\r\n" ROOT "\n",
        "o\n1\n",
    };
    struct checkpoint checkpoint;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error error = {0};
        if (checkpoint_parse_text(bytes_of_string(bad[i]), &checkpoint, "c", &error) == 0)
            fail_msg("accepted: %s", bad[i]);
        assert_string_equal(error.code, "journal_bad_checkpoint");
    }
    assert_int_equal(checkpoint_parse_text(bytes_of_string("o\n0\n" ROOT "\nextension\n"),
                                           &checkpoint, "c", NULL),
                     0);
}

static void proof_reads_what_it_writes(void **state)
{
    (void)state;
    struct note_signer signer;
    struct bytes entry = bytes_of_string("the only entry");
    struct checkpoint checkpoint = {.origin = bytes_of_string("log.example"), .size = 1};
    struct merkle_proof path = {.count = 0};
    struct journal_proof proof;
    AUTO_BUFFER note = {0};
    AUTO_BUFFER line = {0};
    AUTO_BUFFER out = {0};
    merkle_hash_leaf(entry, &checkpoint.root);
    note_signer_generate("log.example", NOTE_ED25519, &signer, NULL);
    checkpoint_append_text(&note, &checkpoint);
    note_append_signature(&line, buffer_bytes(&note), &signer, 0);
    buffer_append_byte(&note, '\n');
    buffer_append_bytes(&note, buffer_bytes(&line));
    journal_proof_append(&out, bytes_of_string("extra!"), 0, &path, buffer_bytes(&note));
    assert_int_equal(journal_proof_parse(buffer_bytes(&out), &proof, "p", NULL), 0);
    assert_true(bytes_equal_string(proof.extra, "ZXh0cmEh"));
    assert_int_equal(journal_proof_verify(&proof, entry, &signer.verifier, NULL), 0);
    struct error error;
    assert_int_equal(
        journal_proof_verify(&proof, bytes_of_string("other"), &signer.verifier, &error), -1);
    assert_string_equal(error.code, "journal_proof_fails");
    struct note_verifier other = example_key();
    assert_int_equal(journal_proof_verify(&proof, entry, &other, &error), -1);
    assert_string_equal(error.code, "journal_bad_signature");
}

static void proof_is_read_strictly(void **state)
{
    (void)state;
#define NOTE CHECKPOINT_TEXT "\n" CHECKPOINT_LINES
#define HEAD "c2sp.org/tlog-proof@v1\n"
    static const char *const bad[] = {
        "",
        "c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE,
        HEAD "index 00\n\n" NOTE,
        HEAD "index 0\n" NOTE,
        HEAD "extra !\nindex 0\n\n" NOTE,
        HEAD "extra YQ==\n\n" NOTE,
        HEAD "index 0\nAAAA\n\n" NOTE,
        HEAD "index -1\n\n" NOTE,
        HEAD "index 0",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct journal_proof proof;
        struct error error = {0};
        if (journal_proof_parse(bytes_of_string(bad[i]), &proof, "p", &error) == 0)
            fail_msg("accepted: %s", bad[i]);
        assert_string_equal(error.code, "journal_bad_proof");
    }
    struct journal_proof proof;
    assert_int_equal(
        journal_proof_parse(bytes_of_string(HEAD "index 5\n" ROOT "\n\n" NOTE), &proof, "p", NULL),
        0);
    assert_int_equal(proof.path.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(note_verifies_the_published_example),
        cmocka_unit_test(note_signs_the_published_example),
        cmocka_unit_test(note_cosignature_carries_its_time),
        cmocka_unit_test(note_refuses_what_the_specification_forbids),
        cmocka_unit_test(note_splits_at_the_last_empty_line),
        cmocka_unit_test(note_limits_the_number_of_signatures),
        cmocka_unit_test(note_keys_are_read_strictly),
        cmocka_unit_test(checkpoint_reads_the_published_example),
        cmocka_unit_test(checkpoint_is_read_strictly),
        cmocka_unit_test(proof_reads_what_it_writes),
        cmocka_unit_test(proof_is_read_strictly),
    };
    return cmocka_run_group_tests_name("note", tests, NULL, NULL);
}
