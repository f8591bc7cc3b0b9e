/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>

#include "base/encoding.h"

static struct bytes view(const char *string)
{
    return bytes_of_string(string);
}

static void assert_same(const struct buffer *got, struct bytes expected)
{
    assert_int_equal(got->length, expected.length);
    assert_memory_equal(got->data, expected.data, expected.length);
}

/* Bytes and text are each other's conversion, with nothing lost. */
static void assert_pair(enum encoding encoding, const char *bytes, const char *utf8)
{
    AUTO_BUFFER text = {0}, back = {0};
    assert_int_equal(encoding_to_utf8(encoding, view(bytes), &text), 0);
    assert_same(&text, view(utf8));
    assert_int_equal(encoding_from_utf8(encoding, view(utf8), &back), 0);
    assert_same(&back, view(bytes));
}

static void encoding_keeps_vendor_characters(void **state)
{
    (void)state;
    /* ① ㈱ 髙 﨑, then ～ － ∥ ￠ as Windows maps 〜 − ∥ ¢, backslash and tilde as ASCII */
    assert_pair(ENCODING_CP932,
                "\x87\x40\x87\x8A\xFB\xFC\xFA\xB1\x81\x60\x81\x7C\x81\x61\x81\x91\\~",
                "①㈱髙﨑～－∥￠\\~");
    assert_pair(ENCODING_EUC_JP,
                "\xAD\xA1\xAD\xEA\xFC\xE2\xF9\xF5\xA1\xC1\xA1\xDD\xA1\xC2\xA1\xF1\\~",
                "①㈱髙﨑～－∥￠\\~");
    assert_pair(ENCODING_ISO_2022_JP, "\x1B$B-!-j|byu!A!]!B!q\x1B(B\\~", "①㈱髙﨑～－∥￠\\~");
}

static void encoding_keeps_half_width_kana_and_supplement(void **state)
{
    (void)state;
    assert_pair(ENCODING_CP932, "\xB6\xDE a", "ｶﾞ a");
    assert_pair(ENCODING_EUC_JP, "\x8E\xB6\x8E\xDE\x8F\xB0\xA1", "ｶﾞ丂");
    assert_pair(ENCODING_ISO_2022_JP, "\x1B(I6^\x1B$(D0!\x1B(B", "ｶﾞ丂");
}

static void encoding_keeps_users_own_characters(void **state)
{
    (void)state;
    assert_pair(ENCODING_CP932, "\xF0\x40\xF9\xFC", "\xEE\x80\x80\xEE\x9D\x97");
    assert_pair(ENCODING_EUC_JP, "\xF5\xA1\xFE\xFE", "\xEE\x80\x80\xEE\x8E\xAB");
}

static void encoding_round_trips_every_pair_of_cp932(void **state)
{
    (void)state;
    for (unsigned code = 0x8140; code <= 0xFCFC; code++) {
        const uint8_t bytes[2] = {(uint8_t)(code >> 8), (uint8_t)code};
        AUTO_BUFFER text = {0}, again = {0}, jis = {0}, from_jis = {0}, euc = {0}, from_euc = {0};
        if ((code >= 0xA000 && code < 0xE000) ||
            encoding_to_utf8(ENCODING_CP932, (struct bytes){bytes, 2}, &text))
            continue;
        assert_int_equal(encoding_from_utf8(ENCODING_CP932, buffer_bytes(&text), &again), 0);
        buffer_clear(&from_jis);
        encoding_to_utf8(ENCODING_CP932, buffer_bytes(&again), &from_jis);
        assert_same(&from_jis, buffer_bytes(&text));
        if (code >= 0xF040 && code < 0xFA40)
            continue; /* users' own characters have no place in ISO-2022-JP */
        buffer_clear(&from_jis);
        assert_int_equal(encoding_from_utf8(ENCODING_ISO_2022_JP, buffer_bytes(&text), &jis), 0);
        assert_int_equal(encoding_to_utf8(ENCODING_ISO_2022_JP, buffer_bytes(&jis), &from_jis), 0);
        assert_same(&from_jis, buffer_bytes(&text));
        assert_int_equal(encoding_from_utf8(ENCODING_EUC_JP, buffer_bytes(&text), &euc), 0);
        assert_int_equal(encoding_to_utf8(ENCODING_EUC_JP, buffer_bytes(&euc), &from_euc), 0);
        assert_same(&from_euc, buffer_bytes(&text));
    }
}

static void encoding_reads_jis_as_mailers_send_it(void **state)
{
    (void)state;
    AUTO_BUFFER text = {0};
    const char *mail = "\x1B$@;v\x1B(J \x0E\x36\x5E\x0F \xB1\x1B$B;v\nab";
    assert_int_equal(encoding_to_utf8(ENCODING_ISO_2022_JP, view(mail), &text), 0);
    assert_same(&text, view("事 ｶﾞ ｱ事\nab"));
}

static void encoding_counts_what_it_cannot_convert(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    assert_int_equal(encoding_to_utf8(ENCODING_CP932, view("a\xFF\x81 \xFD"), &out), 3);
    buffer_clear(&out);
    assert_int_equal(encoding_to_utf8(ENCODING_UTF8, view("a\xC0\x80z"), &out), 2);
    buffer_clear(&out);
    assert_int_equal(
        encoding_from_utf8(ENCODING_CP932, view("a\xF0\x9F\x98\x80z\xE1\x8C\x80"), &out), 2);
    assert_same(&out, view("a?z?"));
}

static void encoding_keeps_variation_sequences_and_compositions(void **state)
{
    (void)state;
    /* 葛 with an ideographic variation, か with a combining mark: neither is changed */
    const char *text = "葛\xF3\xA0\x84\x80か\xE3\x82\x99";
    AUTO_BUFFER wide = {0}, back = {0};
    assert_int_equal(encoding_from_utf8(ENCODING_UTF16LE, view(text), &wide), 0);
    assert_int_equal(encoding_to_utf8(ENCODING_UTF16LE, buffer_bytes(&wide), &back), 0);
    assert_same(&back, view(text));
}

/* A sentence of our own, in each encoding, is recognised from the bytes alone. */
static void encoding_detects_japanese(void **state)
{
    (void)state;
    const char *texts[] = {"みほん市役所 情報政策課からのお知らせです。\n",
                           "資料",
                           "請求書（案）.xlsx",
                           "ミホン市",
                           "名簿①",
                           "カタカナ"};
    const enum encoding encodings[] = {ENCODING_UTF8, ENCODING_CP932, ENCODING_EUC_JP,
                                       ENCODING_ISO_2022_JP};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        for (size_t e = 0; e < 4; e++) {
            AUTO_BUFFER bytes = {0};
            assert_int_equal(encoding_from_utf8(encodings[e], view(texts[t]), &bytes), 0);
            assert_int_equal(encoding_detect(buffer_bytes(&bytes)), encodings[e]);
        }
    }
}

static void encoding_detects_half_width_kana_as_cp932(void **state)
{
    (void)state;
    AUTO_BUFFER bytes = {0};
    encoding_from_utf8(ENCODING_CP932, view("ｶﾌﾞｼｷｶﾞｲｼﾔ ﾐﾎﾝｼﾖｳｼﾞ"), &bytes);
    assert_int_equal(encoding_detect(buffer_bytes(&bytes)), ENCODING_CP932);
}

static void encoding_detects_marks_and_wide_text(void **state)
{
    (void)state;
    enum encoding found;
    assert_int_equal(encoding_detect(view("plain")), ENCODING_UTF8);
    assert_int_equal(encoding_mark(view("\xEF\xBB\xBFz"), &found), 3);
    assert_int_equal(found, ENCODING_UTF8);
    assert_int_equal(encoding_detect((struct bytes){(const uint8_t *)"a\0b\0,\0\n", 8}),
                     ENCODING_UTF16LE);
    assert_int_equal(encoding_detect((struct bytes){(const uint8_t *)"\xFE\xFF\0a", 4}),
                     ENCODING_UTF16BE);
}

static void encoding_finds_labels_and_their_aliases(void **state)
{
    (void)state;
    assert_int_equal(encoding_find(view("iso-2022-jp")), ENCODING_ISO_2022_JP);
    assert_int_equal(encoding_find(view("Windows-31J")), ENCODING_CP932);
    assert_int_equal(encoding_find(view("US-ASCII")), ENCODING_UTF8);
    assert_int_equal(encoding_find(view("")), ENCODING_UNKNOWN);
    assert_int_equal(encoding_find(view(" ")), ENCODING_UNKNOWN);
    assert_int_equal(encoding_find(view("x-nothing")), ENCODING_UNKNOWN);
}

static void encoding_warms_every_converter(void **state)
{
    (void)state;
    encoding_warm(); /* ends the process when ICU lacks one of the table's names */
}

/* A lone escape in a text must not become one that switches the character set. */
static void encoding_writes_no_escape_out_of_a_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"\x1B(Babc",
                                        "\x0E"
                                        "abc",
                                        "\x0F"
                                        "abc"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        AUTO_BUFFER out = {0};
        assert_int_equal(encoding_from_utf8(ENCODING_ISO_2022_JP, view(texts[i]), &out), 1);
        assert_int_equal(out.data[0], '?');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoding_keeps_vendor_characters),
        cmocka_unit_test(encoding_keeps_half_width_kana_and_supplement),
        cmocka_unit_test(encoding_keeps_users_own_characters),
        cmocka_unit_test(encoding_round_trips_every_pair_of_cp932),
        cmocka_unit_test(encoding_reads_jis_as_mailers_send_it),
        cmocka_unit_test(encoding_counts_what_it_cannot_convert),
        cmocka_unit_test(encoding_keeps_variation_sequences_and_compositions),
        cmocka_unit_test(encoding_detects_japanese),
        cmocka_unit_test(encoding_detects_half_width_kana_as_cp932),
        cmocka_unit_test(encoding_detects_marks_and_wide_text),
        cmocka_unit_test(encoding_finds_labels_and_their_aliases),
        cmocka_unit_test(encoding_warms_every_converter),
        cmocka_unit_test(encoding_writes_no_escape_out_of_a_text),
    };
    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
