/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: what comes out of a view model, and that nothing of it becomes markup. */
#include "base/html.h"
#include "web/template.h"

#include "test.h"

/* Renders operations written down here. */
static const char *rendered(struct buffer *out, const struct template_operation *operations,
                            size_t count, json_t *model)
{
    const struct template template = {"test", operations, count};
    template_render(out, &template, LANGUAGE_JA, model);
    json_decref(model);
    return buffer_string(out);
}

#define RENDERED(out, model, ...)                                                                  \
    rendered(out, (const struct template_operation[]){__VA_ARGS__},                                \
             sizeof((const struct template_operation[]){__VA_ARGS__}) /                            \
                 sizeof(struct template_operation),                                                \
             model)

static void template_escapes_markup_in_values(void **state)
{
    AUTO_BUFFER out = {0};
    (void)state;
    json_t *model = json_pack("{ss}", "name", "<b>\"R&D\"</b> o'clock");
    assert_string_equal(RENDERED(&out, model, {TEMPLATE_VALUE, 0, "name"}),
                        "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt; o&#39;clock");
}

static void template_replaces_bytes_that_are_not_text(void **state)
{
    AUTO_BUFFER out = {0};
    (void)state;
    html_escape(&out, bytes_of_string("a\xFF<"));
    assert_string_equal(buffer_string(&out), "a\xEF\xBF\xBD&lt;");
}

static void template_repeats_a_section_and_sees_what_is_around(void **state)
{
    AUTO_BUFFER out = {0};
    (void)state;
    json_t *model = json_pack("{s[{si}{si}]ss}", "list", "n", 1, "n", 2, "mark", "!");
    const char *html =
        RENDERED(&out, model, {TEMPLATE_SECTION, 4, "list"}, {TEMPLATE_VALUE, 0, "n"},
                 {TEMPLATE_VALUE, 0, "mark"}, {TEMPLATE_END, 0, "list"}, {TEMPLATE_HTML, 0, "."});
    assert_string_equal(html, "1!2!.");
}

/* "none" when x is empty, "some" when it is not. */
static const char *sections(struct buffer *out, const char *model)
{
    return RENDERED(out, json_loads(model, 0, NULL), {TEMPLATE_INVERTED, 3, "x"},
                    {TEMPLATE_HTML, 0, "none"}, {TEMPLATE_END, 0, "x"}, {TEMPLATE_SECTION, 6, "x"},
                    {TEMPLATE_HTML, 0, "some"}, {TEMPLATE_END, 3, "x"});
}

static void template_shows_an_inverted_section_only_without_a_value(void **state)
{
    static const char *const empty[] = {
        "{}", "{\"x\":[]}", "{\"x\":\"\"}", "{\"x\":false}", "{\"x\":null}", "{\"x\":0}"};
    (void)state;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        AUTO_BUFFER out = {0};
        assert_string_equal(sections(&out, empty[i]), "none");
    }
    AUTO_BUFFER out = {0};
    assert_string_equal(sections(&out, "{\"x\":7}"), "some");
}

static void template_fills_placeholders_of_messages_escaped(void **state)
{
    AUTO_BUFFER out = {0};
    (void)state;
    const char *html = RENDERED(&out, json_pack("{ss}", "length", "<15>"),
                                {TEMPLATE_TEXT, 0, "page.password_hint"});
    assert_ptr_equal(strstr(html, "&lt;15&gt;"), html);
}

static void template_finds_values_behind_dots(void **state)
{
    AUTO_BUFFER out = {0};
    (void)state;
    json_t *model = json_pack("{s{s{ss}}}", "a", "b", "c", "deep");
    assert_string_equal(
        RENDERED(&out, model, {TEMPLATE_VALUE, 0, "a.b.c"}, {TEMPLATE_VALUE, 0, "a.x.c"}), "deep");
}

static void template_login_page_shows_what_was_typed_as_text(void **state)
{
    AUTO_BUFFER out = {0};
    (void)state;
    json_t *model =
        json_pack("{ssssss}", "title", "page.login", "login", "\"><script>", "csrf", "s");
    template_render(&out, template_find("login"), LANGUAGE_EN, model);
    json_decref(model);
    assert_non_null(strstr(buffer_string(&out), "value=\"&quot;&gt;&lt;script&gt;\""));
    assert_null(strstr(buffer_string(&out), "<script>"));
}

static void template_unknown_name_is_not_found(void **state)
{
    (void)state;
    assert_null(template_find("nothing"));
    for (size_t i = 0; i < template_count; i++)
        assert_ptr_equal(template_find(template_table[i].name), &template_table[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(template_escapes_markup_in_values),
        cmocka_unit_test(template_replaces_bytes_that_are_not_text),
        cmocka_unit_test(template_repeats_a_section_and_sees_what_is_around),
        cmocka_unit_test(template_shows_an_inverted_section_only_without_a_value),
        cmocka_unit_test(template_fills_placeholders_of_messages_escaped),
        cmocka_unit_test(template_finds_values_behind_dots),
        cmocka_unit_test(template_login_page_shows_what_was_typed_as_text),
        cmocka_unit_test(template_unknown_name_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
