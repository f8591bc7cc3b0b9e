/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces of the PDF module: syntax, filters, content, programs, fonts, the allow-list. */
#include <stdio.h>

#include "disarm/format/pdf_content.h"
#include "disarm/format/pdf_filter.h"
#include "disarm/format/pdf_operators.h"
#include "disarm/format/pdf_program.h"
#include "disarm/format/pdf_seal.h"
#include "disarm/format/pdf_token.h"
#include "disarm/treat.h"
#include "disarm/verify/pdf_unseal.h"
#include "test.h"

/* What content becomes, as a string that the caller owns. */
static struct buffer rewritten(const char *content)
{
    struct disarm_options options = disarm_default_options;
    struct receipt receipt = {0};
    struct job_usage usage = {0};
    struct job job = {.options = &options, .receipt = &receipt, .usage = &usage, .path = ""};
    struct error error = {0};
    struct pdf_copy copy;
    struct buffer out = {0};
    AUTO_BUFFER file = {0};
    pdf_copy_open(&copy, &job, NULL, &file, 100, &error);
    pdf_content_rewrite(&copy, bytes_of_string(content), &out);
    pdf_copy_close(&copy);
    receipt_clear(&receipt);
    buffer_string(&out);
    return out;
}

static void assert_content(const char *content, const char *expected)
{
    AUTO_BUFFER out = rewritten(content);
    assert_string_equal(buffer_string(&out), expected);
}

static void content_keeps_known_operators_in_one_spelling(void **state)
{
    (void)state;
    assert_content("q 1.0 0 -0.50 +1 .5 007 cm\nBT /F1 12 Tf <41> Tj ET % x\nQ",
                   "q\n1 0 -0.5 1 0.5 7 cm\nBT\n/F1 12 Tf\n(A)Tj\nET\nQ\n");
}

static void content_drops_unknown_operators_with_their_operands(void **state)
{
    (void)state;
    assert_content("BX (evil) run EX 1 2 m", "1 2 m\n");
}

static void content_drops_operators_with_wrong_operands(void **state)
{
    (void)state;
    assert_content("(a) w /G 1 rg 1 2 3 4 l", "3 4 l\n");
}

static void content_parts_operators_that_run_together(void **state)
{
    (void)state;
    assert_content("qBT", "q\nBT\n");
}

static void content_limits_marked_properties_to_known_keys(void **state)
{
    (void)state;
    assert_content("/Span<</MCID 3/JS(x)/ActualText(a)>>BDC EMC",
                   "/Span<</MCID 3/ActualText(a)>>BDC\nEMC\n");
}

static void inline_image_becomes_hexadecimal_samples(void **state)
{
    (void)state;
    assert_content("BI/W 2/H 1/BPC 8/CS/G ID \x41\x42 EI Q",
                   "BI/W 2/H 1/BPC 8/CS/G/F/AHx ID 4142>\nEI\nQ\n");
}

static void inline_image_of_wrong_length_is_filled_up(void **state)
{
    (void)state;
    assert_content("BI/W 4/H 1/BPC 8/CS/G/F/AHx ID 41> EI",
                   "BI/W 4/H 1/BPC 8/CS/G/F/AHx ID 41000000>\nEI\n");
}

static void operators_are_found_by_name_only(void **state)
{
    (void)state;
    struct bytes known = bytes_of_string("BDC"), unknown = bytes_of_string("BX");
    assert_string_equal(pdf_operator_find(&known)->name, "BDC");
    assert_null(pdf_operator_find(&unknown));
}

static void strings_with_escapes_and_nesting_are_read(void **state)
{
    (void)state;
    struct pdf_lexer lexer = pdf_lexer_open(bytes_of_string("(a\\(b(c)\\101\\\n\\r)"));
    assert_int_equal(pdf_lexer_next(&lexer), PDF_TOKEN_STRING);
    assert_true(bytes_equal_string(lexer.text, "a(b(c)A\r"));
    pdf_lexer_close(&lexer);
}

static void nesting_without_end_stops_at_the_limit(void **state)
{
    (void)state;
    AUTO_BUFFER deep = {0};
    for (int i = 0; i < 100000; i++)
        buffer_append_byte(&deep, '[');
    struct pdf_lexer lexer = pdf_lexer_open(buffer_bytes(&deep));
    struct pdf_arena arena = {0};
    pdf_lexer_next(&lexer);
    assert_int_equal(pdf_parse_value(&lexer, &arena, true, 0).type, PDF_ARRAY);
    pdf_arena_free(&arena);
    pdf_lexer_close(&lexer);
}

static void assert_decodes(const char *name, const char *data, size_t length, const char *expected)
{
    AUTO_BUFFER out = {0};
    struct pdf_filter filter = {.name = bytes_of_string(name)};
    assert_int_equal(
        pdf_filter_decode(&filter, (struct bytes){(const uint8_t *)data, length}, 1000, &out), 0);
    assert_string_equal(buffer_string(&out), expected);
}

static void general_filters_decode(void **state)
{
    (void)state;
    assert_decodes("ASCIIHexDecode", "48 65 6C6c 6F>", 14, "Hello");
    assert_decodes("ASCII85Decode", "87cURDZ~>", 9, "Hello");
    assert_decodes("RunLengthDecode", "\x01Hi\xFE!\x80", 6, "Hi!!!");
    assert_decodes("LZWDecode", "\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01", 9, "-----A---B");
}

static void filters_stop_at_the_limit(void **state)
{
    (void)state;
    AUTO_BUFFER plain = {0}, packed = {0}, out = {0};
    for (int i = 0; i < 100000; i++)
        buffer_append_byte(&plain, 0);
    pdf_filter_deflate(buffer_bytes(&plain), &packed);
    struct pdf_filter filter = {.name = bytes_of_string("FlateDecode")};
    assert_int_equal(pdf_filter_decode(&filter, buffer_bytes(&packed), 5000, &out), -1);
    assert_true(out.length <= 5000);
}

static void calculator_keeps_arithmetic_and_refuses_the_rest(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    assert_true(pdf_calculator_rewrite(bytes_of_string("{ dup 0 lt { neg } if }"), &out));
    assert_string_equal(buffer_string(&out), "{dup 0 lt{neg}if}");
    buffer_clear(&out);
    assert_false(pdf_calculator_rewrite(bytes_of_string("{ (f) run }"), &out));
}

static void cmap_keeps_ranges_and_loses_programs(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    assert_true(pdf_cmap_rewrite(bytes_of_string("(x) run /CMapName /A def 9 beginbfchar <01> "
                                                 "<3042> endbfchar"),
                                 &out));
    assert_non_null(strstr(buffer_string(&out), "1 beginbfchar\n<01><3042>\nendbfchar"));
    assert_null(strstr(buffer_string(&out), "run"));
}

static void glyph_loses_its_instructions(void **state)
{
    (void)state;
    static const uint8_t glyf[] = {
        0,    1, 0, 0, 0,    0,    0,    9, 0, 9, /* one contour, box */
        0,    0, 0, 3, 0x28, 0x28, 0x28,          /* one point, three instructions */
        0x37, 5, 6, 0};
    static const uint8_t loca[] = {0, 0, 0, 10}; /* in pairs of bytes */
    AUTO_BUFFER new_glyf = {0}, new_loca = {0};
    assert_true(pdf_glyf_rewrite((struct bytes){glyf, 20}, (struct bytes){loca, 4}, false, 1,
                                 &new_glyf, &new_loca));
    static const uint8_t expected[] = {0, 1, 0, 0, 0,    0, 0, 9, 0, 9,
                                       0, 0, 0, 0, 0x37, 5, 6, 0, 0, 0};
    assert_int_equal(new_glyf.length, sizeof expected);
    assert_memory_equal(new_glyf.data, expected, sizeof expected);
}

static void glyph_that_refers_outside_becomes_empty(void **state)
{
    (void)state;
    static const uint8_t glyf[] = {0xFF, 0xFF, 0, 0, 0, 0, 0, 9, 0, 9, 0, 0, 0, 7, 0, 0};
    static const uint8_t loca[] = {0, 0, 0, 8};
    AUTO_BUFFER new_glyf = {0}, new_loca = {0};
    assert_true(pdf_glyf_rewrite((struct bytes){glyf, 16}, (struct bytes){loca, 4}, false, 1,
                                 &new_glyf, &new_loca));
    assert_memory_equal(new_loca.data, "\0\0\0\0", 4);
}

static void cff_with_wild_offsets_is_refused(void **state)
{
    (void)state;
    static const uint8_t wild[] = {1, 0, 4, 1, 0, 1, 4, 0, 0, 0, 1, 0xFF, 0, 0, 0};
    assert_false(pdf_cff_is_sane((struct bytes){wild, sizeof wild}));
}

static void allow_list_knows_keys_by_kind(void **state)
{
    (void)state;
    const struct pdf_kind *page = &pdf_kinds[pdf_kind_find("Page")];
    assert_non_null(pdf_kind_key(page, bytes_of_string("Annots")));
    assert_null(pdf_kind_key(page, bytes_of_string("AA")));
    assert_null(pdf_kind_key(page, bytes_of_string("Anno")));
    assert_string_equal(pdf_dropped_key_row(bytes_of_string("AA")), "pdf_additional_actions");
}

static void allow_list_is_sorted(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < pdf_kind_count; kind++) {
        for (unsigned i = 1; i < pdf_kinds[kind].key_count; i++) {
            const struct pdf_key *key = &pdf_keys[pdf_kinds[kind].first_key + i];
            assert_true(strcmp(key[-1].name, key->name) < 0);
        }
    }
}

static const char honest[] = "%PDF-1.4\n"
                             "1 0 obj<</Type/Catalog/Pages 2 0 R/Lang(ja)>>endobj\n"
                             "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
                             "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
                             "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI"
                             "(https://www.example.jp/)>>>>]>>endobj\n"
                             "4 0 obj<</Length 8>>stream\n1 1 m f\n\nendstream endobj\n"
                             "trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF\n";

static void rebuilt_file_passes_the_second_reader(void **state)
{
    (void)state;
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "pdf", bytes_of_string(honest)), 0);
    treated_close(&treated);
}

static void comments_go_when_they_are_not_wanted(void **state)
{
    (void)state;
    static const char with_comment[] =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[<</Type/Annot"
        "/Subtype/Text/Rect[0 0 9 9]/Contents(note)>>]>>endobj\n"
        "trailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n";
    for (int keep = 0; keep < 2; keep++) {
        struct treated treated = treated_open(DISARM_REBUILD);
        treated.options.keep_comments = keep;
        assert_int_equal(treat(&treated, "pdf", bytes_of_string(with_comment)), 0);
        assert_int_equal(treated_says(&treated, "pdf_comment", "pdf_not_wanted"), !keep);
        treated_close(&treated);
    }
}

/* Verifies the rebuilt honest file after one byte string in it was replaced by another as long. */
static int verify_changed(const char *from, const char *to, size_t extra)
{
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat_once(&treated, "pdf", bytes_of_string(honest)), 0);
    size_t at = bytes_find(buffer_bytes(&treated.out), 0, from);
    assert_true(at != SIZE_MAX);
    memcpy(treated.out.data + at, to, strlen(to));
    for (size_t i = 0; i < extra; i++)
        buffer_append_byte(&treated.out, '\n');
    struct verify_job verify = {.limits = &treated.options.limits};
    int result = treated.made->verify(&verify, buffer_bytes(&treated.out), &treated.error);
    treated_close(&treated);
    return result;
}

static void second_reader_refuses_what_our_writer_does_not_make(void **state)
{
    (void)state;
    assert_int_equal(verify_changed("%PDF-1.7", "%PDF-1.7", 0), 0);
    assert_int_equal(verify_changed("%PDF-1.7", "%PDF-1.6", 0), -1);
    assert_int_equal(verify_changed("%PDF-1.7", "%PDF-1.7", 1), -1);
    assert_int_equal(verify_changed("/Filter", "/Fliter", 0), -1);
    assert_int_equal(verify_changed("/FlateDecode", "/JBIG2Decode", 0), -1);
    assert_int_equal(verify_changed("endobj\n", "endobj ", 0), -1);
    assert_int_equal(verify_changed("/Root", "/Roof", 0), -1);
    assert_int_equal(verify_changed("startxref\n", "startxref ", 0), -1);
}

static void sealed_key_opens_only_with_its_password(void **state)
{
    (void)state;
    struct pdf_seal seal;
    struct error error = {0};
    uint8_t key[32];
    AUTO_BUFFER sealed = {0}, opened = {0};
    assert_int_equal(pdf_seal_open(&seal, "himitsu", &error), 0);
    assert_true(unseal_key(buffer_bytes(&seal.dictionary), "himitsu", key));
    assert_memory_equal(key, seal.key, sizeof key);
    assert_false(unseal_key(buffer_bytes(&seal.dictionary), "himitsi", key));
    pdf_seal_encrypt(&seal, bytes_of_string("text"), &sealed);
    assert_true(unseal_stream(seal.key, buffer_bytes(&sealed), &opened));
    assert_string_equal(buffer_string(&opened), "text");
    pdf_seal_close(&seal);
}

static void bytes_that_are_no_pdf_are_refused(void **state)
{
    (void)state;
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat_once(&treated, "pdf", bytes_of_string("not a PDF at all")), -1);
    assert_string_equal(treated.error.code, "bad_pdf");
    treated_close(&treated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_keeps_known_operators_in_one_spelling),
        cmocka_unit_test(content_drops_unknown_operators_with_their_operands),
        cmocka_unit_test(content_drops_operators_with_wrong_operands),
        cmocka_unit_test(content_parts_operators_that_run_together),
        cmocka_unit_test(content_limits_marked_properties_to_known_keys),
        cmocka_unit_test(inline_image_becomes_hexadecimal_samples),
        cmocka_unit_test(inline_image_of_wrong_length_is_filled_up),
        cmocka_unit_test(operators_are_found_by_name_only),
        cmocka_unit_test(strings_with_escapes_and_nesting_are_read),
        cmocka_unit_test(nesting_without_end_stops_at_the_limit),
        cmocka_unit_test(general_filters_decode),
        cmocka_unit_test(filters_stop_at_the_limit),
        cmocka_unit_test(calculator_keeps_arithmetic_and_refuses_the_rest),
        cmocka_unit_test(cmap_keeps_ranges_and_loses_programs),
        cmocka_unit_test(glyph_loses_its_instructions),
        cmocka_unit_test(glyph_that_refers_outside_becomes_empty),
        cmocka_unit_test(cff_with_wild_offsets_is_refused),
        cmocka_unit_test(allow_list_knows_keys_by_kind),
        cmocka_unit_test(allow_list_is_sorted),
        cmocka_unit_test(rebuilt_file_passes_the_second_reader),
        cmocka_unit_test(second_reader_refuses_what_our_writer_does_not_make),
        cmocka_unit_test(comments_go_when_they_are_not_wanted),
        cmocka_unit_test(sealed_key_opens_only_with_its_password),
        cmocka_unit_test(bytes_that_are_no_pdf_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
