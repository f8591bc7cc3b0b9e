/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of elements and attributes find what they list, in both vocabularies, and nothing
 * else. */
#include "test.h"

#include "disarm/format/ooxml_schema.h"

#define W      "http://schemas.openxmlformats.org/wordprocessingml/2006/main\n"
#define STRICT "http://purl.oclc.org/ooxml/wordprocessingml/main\n"

static void ooxml_schema_finds_an_element_in_both_vocabularies(void **state)
{
    (void)state;
    const struct ooxml_element *element = ooxml_find_element(W "p");
    assert_non_null(element);
    assert_string_equal(element->name, "w:p");
    assert_ptr_equal(ooxml_find_element(STRICT "p"), element);
    assert_null(ooxml_find_element("http://example.org/\np"));
    assert_null(ooxml_find_element("p"));
}

static void ooxml_schema_does_not_list_what_carries_active_content(void **state)
{
    (void)state;
    static const char *const names[] = {
        W "altChunk",
        W "control",
        W "attachedTemplate",
        W "subDoc",
        W "docVars",
        W "embedRegular",
        "urn:schemas-microsoft-com:office:office\nOLEObject",
        "urn:schemas-microsoft-com:office:excel\nFmlaMacro",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main\noleObject",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main\nddeLink",
        "http://schemas.openxmlformats.org/drawingml/2006/main\nvideoFile",
        "http://schemas.openxmlformats.org/presentationml/2006/main\ncontrol",
        "http://schemas.microsoft.com/office/2006/activeX\nocx",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ooxml_find_element(names[i]))
            fail_msg("%s is listed", names[i]);
    }
}

static void ooxml_schema_knows_the_attributes_of_each_element(void **state)
{
    (void)state;
    uint8_t kind;
    const struct ooxml_element *link = ooxml_find_element(W "hyperlink");
    const struct ooxml_attribute *id = ooxml_find_attribute(
        link, "http://schemas.openxmlformats.org/officeDocument/2006/relationships\nid", &kind);
    assert_non_null(id);
    assert_string_equal(id->name, "r:id");
    assert_int_equal(kind, OOXML_ATTRIBUTE_REL);
    assert_null(ooxml_find_attribute(link, "id", &kind));
    assert_null(ooxml_find_attribute(ooxml_find_element(W "p"), W "rsidR", &kind));
    assert_non_null(ooxml_find_attribute(ooxml_find_element(W "t"),
                                         "http://www.w3.org/XML/1998/namespace\nspace", &kind));
}

static void ooxml_schema_functions_are_found_and_dangerous_ones_are_not(void **state)
{
    (void)state;
    assert_true(ooxml_function_known(bytes_of_string("SUM")));
    assert_true(ooxml_function_known(bytes_of_string("ABS")));
    assert_true(ooxml_function_known(bytes_of_string("ZTEST")));
    assert_false(ooxml_function_known(bytes_of_string("SU")));
    assert_false(ooxml_function_known(bytes_of_string("SUMX")));
    assert_false(ooxml_function_known(bytes_of_string("CALL")));
    assert_false(ooxml_function_known(bytes_of_string("WEBSERVICE")));
    assert_false(ooxml_function_known(bytes_of_string("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ooxml_schema_finds_an_element_in_both_vocabularies),
        cmocka_unit_test(ooxml_schema_does_not_list_what_carries_active_content),
        cmocka_unit_test(ooxml_schema_knows_the_attributes_of_each_element),
        cmocka_unit_test(ooxml_schema_functions_are_found_and_dangerous_ones_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
