/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "treat.h"

static void assert_csv(const char *in, const char *expected)
{
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "csv", bytes_of_string(in)), 0);
    assert_string_equal(buffer_string(&treated.out), expected);
    treated_close(&treated);
}

static void csv_keeps_honest_tables(void **state)
{
    (void)state;
    const char *honest[] = {
        "番号,氏名,残高\r\n1,見本 太郎,-12.5\r\n2,\"見本, 花子\",\"1,000\"\r\n",
        "電話,+81-3-0000-0000\n内線,+81 (0)3 0000 0000\n",
        "-,--,-----,+,－,ー,－以上－,－項目\n",
        "-5%,-1.5E-10,－１２,-.5,-¥1000,-2022/04/01,-1 (2)\n",
        "a\tb\tc\r\n-1\t2\t\"x\ty\"\r\n",
        "sep=;\r\na;b\r\n",
        "a;b;c\n1;2;3\n",
        "\"改行\nあり\",\"引用\"\"符\"\n\n,,\n",
        "mail@example.jp,3=3,a+b,'=text\n",
        "",
    };
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++)
        assert_csv(honest[i], honest[i]);
}

static void csv_neutralises_formulas(void **state)
{
    (void)state;
    assert_csv("=1+1,@SUM(A1),+cmd|' /C calc'!A0,-cmd|' /C calc'!A0\n",
               "'=1+1,'@SUM(A1),'+cmd|' /C calc'!A0,'-cmd|' /C calc'!A0\n");
    assert_csv("-項目,+3円,====,@,-1.5E,-1+2\n", "'-項目,'+3円,'====,'@,'-1.5E,'-1+2\n");
    assert_csv("＝1+1,＠SUM(A1),＋HYPERLINK(A1),－cmd()\n",
               "'＝1+1,'＠SUM(A1),'＋HYPERLINK(A1),'－cmd()\n");
    assert_csv("\" =1+1\",\"　=2\",-2+3+cmd|' /C calc'!A0\n",
               "\"' =1+1\",\"'　=2\",'-2+3+cmd|' /C calc'!A0\n");
    assert_csv("=HYPERLINK(\"http://example.jp\"),x\n",
               "\"'=HYPERLINK(\"\"http://example.jp\"\")\",x\n");
    assert_csv("\"\t=1\",\"\r=1\",\"\"\"=1\"\"\"\n", "\"'\t'=1\",\"'\r'=1\",\"'\"\"=1\"\"\"\n");
}

static void csv_neutralises_cells_of_other_separators(void **state)
{
    (void)state;
    /* a reader that splits at semicolons, or does not honour quotes, finds no formula either */
    assert_csv("a;=cmd|x,b,c\n", "a;'=cmd|x,b,c\n");
    assert_csv("\"x\n=cmd|y\",b\n", "\"x\n'=cmd|y\",b\n");
    assert_csv("sep=|\r\nx|=cmd,1\r\n", "x|=cmd,1\r\n");
}

static void csv_is_safe_with_second_bytes_that_look_like_signs(void **state)
{
    (void)state;
    /* 表 is 95 5C, ソ is 83 5C, ポ is 83 7C: none of them is a sign */
    const char *text = "\x95\x5C,\x83\x5C\x83\x7C,\"\x8F\x5C\"\r\n\x82\xDD\x82\xD9\x82\xF1,1,2\r\n";
    assert_csv(text, text);
    assert_csv("\x82\xDD\x82\xD9\x82\xF1\x8E\x73,\x81\x81"
               "1+1\r\n",
               "\x82\xDD\x82\xD9\x82\xF1\x8E\x73,'\x81\x81"
               "1+1\r\n");
}

static void csv_reads_careless_quotes(void **state)
{
    (void)state;
    assert_csv("5\" disk,\"ab\"cd,\"open\n", "\"5\"\" disk\",\"abcd\",\"open\n\"");
    assert_csv("\"a\"=1,b\n", "\"a=1\",b\n");
}

static void csv_names_the_cell_in_the_receipt(void **state)
{
    (void)state;
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "csv", bytes_of_string("a,b\nc,=1\n")), 0);
    assert_string_equal(treated.receipt.rows[0].path, "B2");
    assert_string_equal(treated.receipt.rows[0].reason, "csv_formula");
    treated_close(&treated);
}

static void csv_verifier_finds_formulas_under_any_reading(void **state)
{
    (void)state;
    struct error error = {0};
    struct verify_job job = {.limits = &disarm_default_limits};
    const struct format *csv = format_find("csv");
    const char *bad[] = {
        "=1+1", "a,=1",   "a;=1",     "a\t+cmd|x",           "\"=1\"", "a,\"\"\"=1\"\"\"", "x\n@A(",
        "＝1",  "a,　=1", "-SUM(A1)", "-1+HYPERLINK (\"x\")"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(csv->verify(&job, bytes_of_string(bad[i]), &error), -1);
    assert_int_equal(csv->verify(&job, bytes_of_string("'=1,-5,+81-3,-,\"a=b\""), &error), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_keeps_honest_tables),
        cmocka_unit_test(csv_neutralises_formulas),
        cmocka_unit_test(csv_neutralises_cells_of_other_separators),
        cmocka_unit_test(csv_is_safe_with_second_bytes_that_look_like_signs),
        cmocka_unit_test(csv_reads_careless_quotes),
        cmocka_unit_test(csv_names_the_cell_in_the_receipt),
        cmocka_unit_test(csv_verifier_finds_formulas_under_any_reading),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
