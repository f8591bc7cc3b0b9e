/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas that reach out are told from formulas that only compute. */
#include "test.h"

#include "disarm/format/ooxml_formula.h"

static char *kept[] = {(char *)(uintptr_t) "Sheet 1", (char *)(uintptr_t) "A|B"};
static char *lost[] = {(char *)(uintptr_t) "Macro1"};
static char *names[] = {(char *)(uintptr_t) "ToYen"};
static const struct ooxml_formula_scope scope = {
    .sheets = kept,
    .sheet_count = 2,
    .lost_sheets = lost,
    .lost_sheet_count = 1,
    .names = names,
    .name_count = 1,
};

static void expect(bool safe, const char *const *formulas, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ooxml_formula_safe(bytes_of_string(formulas[i]), &scope) != safe)
            fail_msg("%s: %s", formulas[i], safe ? "taken for unsafe" : "taken for safe");
    }
}

#define EXPECT(safe, list) expect(safe, list, sizeof(list) / sizeof *(list))

static void ooxml_formula_keeps_what_only_computes(void **state)
{
    (void)state;
    static const char *const list[] = {
        "",
        "1+1",
        "SUM(A1:B2)",
        "sum( A1 , 2)",
        "_xlfn.XLOOKUP(A1,B:B,C:C)",
        "_xlfn.LET(_xlpm.x,1,_xlpm.x+1)",
        "IF(A1=\"a|b\",\"[1]x!A1\",\"CALL(1)\")",
        "'Sheet 1'!A1",
        "'A|B'!A1",
        "Table1[Column]",
        "Table1[[#This Row],[Price (yen)]]",
        "SUM(Table1[A]:Table1[B])",
        "[@Column]*2",
        "[0]!Name",
        "#REF!+#N/A",
        "Sheet1!#REF!",
        "A1#",
        "$A$1:$B$2 (C1)",
        "1E+5*1.5E-3",
        "{1,2;3,4}",
        "ToYen(A1)",
        "HYPERLINK(\"https://example.org/\"&A1,\"x\")",
        "HYPERLINK( \"#Sheet2!A1\" )",
        "HYPERLINK(\"mailto:a@example.org\")",
        "\xe5\x90\x88\xe8\xa8\x88+1",
        "LOG10(5)",
        "PHONETIC(A1)",
    };
    EXPECT(true, list);
}

static void ooxml_formula_refuses_what_reaches_out(void **state)
{
    (void)state;
    static const char *const list[] = {
        "cmd|'/c calc'!A0",
        "'cmd'|'/c calc'!A0",
        "'cmd|x'!A0",
        "+cmd|'x'!A0",
        "[1]Sheet!A1",
        "'[1]Sheet 1'!A1",
        "[1]!Name",
        "[Book.xlsx]Sheet!A1",
        "'C:\\x\\[Book.xlsx]S'!A1",
        "'\\\\server\\share\\[b.xls]S'!A1",
        "'http://example.org/[b.xls]S'!A1",
        "SUM(1,[12]S!A1)",
        "WEBSERVICE(\"http://example.org\")",
        "_xlfn.WEBSERVICE(A1)",
        "_XLFN.WEBSERVICE(A1)",
        "_xlfn.IMAGE(\"http://example.org\")",
        "CALL(\"urlmon\",\"x\")",
        "call (\"urlmon\",\"x\")",
        "REGISTER.ID(\"a\",\"b\")",
        "EXEC(\"calc\")",
        "RTD(\"x\",,\"y\")",
        "CUBEVALUE(\"c\")",
        "MyMacro(1)",
        "Book!Macro(1)",
        "Macro1!A1",
        "'Macro1'!A1",
        "_xll.addin(1)",
        "HYPERLINK(\"file:///c:/x\")",
        "HYPERLINK(\"\\\\server\\x\")",
        "HYPERLINK(A1)",
        "HYPERLINK(\"javascript:x\")",
        "\"unterminated",
        "'unterminated",
        "Table1[unterminated",
        "\\\\server\\x",
    };
    EXPECT(false, list);
}

static void ooxml_formula_survives_every_cut(void **state)
{
    (void)state;
    static const char formula[] =
        "SUM('Sheet 1'!A1,Table1[[#All],[x]],\"t\"\"t\")+HYPERLINK(\"#a\")";
    for (size_t length = 0; length < sizeof formula; length++)
        ooxml_formula_safe((struct bytes){(const uint8_t *)formula, length}, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ooxml_formula_keeps_what_only_computes),
        cmocka_unit_test(ooxml_formula_refuses_what_reaches_out),
        cmocka_unit_test(ooxml_formula_survives_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
