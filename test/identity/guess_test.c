/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "identity/internal.h"

static const char *reason(const char *password)
{
    const struct identity_guess guess = {
        .personal = {"hanako.mihon", "見本 花子", NULL, "h.mihon@example.jp", "総務課", "みほん市"},
        .length = 10,
        .strength = 6,
    };
    const char *code = identity_guess_reason(&guess, password);
    return code ? code : "good";
}

#define expect_reason(password, wanted) assert_string_equal(reason(password), wanted)

static void length_counts_characters(void **state)
{
    (void)state;
    expect_reason("k7-fz", "password_short");
    expect_reason("かきくけこさしすせ", "password_short");
    expect_reason("雲と消しゴムと北の鉛筆", "good");
}

static void what_everybody_tries_is_common(void **state)
{
    (void)state;
    expect_reason("Password123!", "password_common");
    expect_reason("P@ssw0rd2026", "password_common");
    expect_reason("sakurasakura1", "password_common");
    expect_reason("Shiyakusho#1", "password_common");
}

static void what_is_known_of_the_person_is_worth_nothing(void **state)
{
    (void)state;
    expect_reason("hanako-mihon-1", "password_personal");
    expect_reason("Mihon20260401", "password_personal");
    expect_reason("みほん市みほん市01", "password_personal");
}

static void sequences_repetitions_and_dates_are_patterns(void **state)
{
    (void)state;
    expect_reason("qwertyuiop12", "password_pattern");
    expect_reason("zyxwvut98765", "password_pattern");
    expect_reason("k7fk7fk7fk7f", "password_pattern");
    expect_reason("aaaaaaaaaaaa", "password_pattern");
    expect_reason("x19850423-20", "password_pattern");
}

static void unrelated_words_are_good(void **state)
{
    (void)state;
    expect_reason("kumo-enpitsu-kita", "good");
    expect_reason("vR9t#Lq2xW", "good");
}

static void what_is_not_text_is_unreadable(void **state)
{
    (void)state;
    expect_reason("abc\x01"
                  "defghijk",
                  "password_unreadable");
    expect_reason("\xFF\xFE"
                  "defghijkl",
                  "password_unreadable");
}

static void what_is_longer_than_is_looked_at_is_refused(void **state)
{
    char password[300];
    (void)state;
    memset(password, 'k', sizeof password);
    password[sizeof password - 1] = '\0';
    expect_reason(password, "password_long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(length_counts_characters),
        cmocka_unit_test(what_everybody_tries_is_common),
        cmocka_unit_test(what_is_known_of_the_person_is_worth_nothing),
        cmocka_unit_test(sequences_repetitions_and_dates_are_patterns),
        cmocka_unit_test(unrelated_words_are_good),
        cmocka_unit_test(what_is_not_text_is_unreadable),
        cmocka_unit_test(what_is_longer_than_is_looked_at_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
