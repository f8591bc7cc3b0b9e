/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "disarm/format/html_text.h"
#include "disarm/format/mail_field.h"
#include "disarm/format/mime_read.h"
#include "disarm/format/mime_transfer.h"
#include "disarm/format/mime_words.h"
#include "treat.h"

#define FIELDS "From: a@example.jp\r\nTo: b@example.jp\r\nDate: Fri, 1 Apr 2022 09:00:00 +0900\r\n"

/* Rebuilds a mail; the caller closes what comes back. */
static struct treated rebuild(const char *mail)
{
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "eml", bytes_of_string(mail)), 0);
    buffer_string(&treated.out);
    return treated;
}

/* The rebuilt mail, and its text treatment, hold `has` and do not hold `lacks` (each may be NULL).
 */
static void assert_mail(const char *mail, const char *has, const char *lacks)
{
    struct treated rebuilt = rebuild(mail), again = treated_open(DISARM_TEXT);
    assert_int_equal(treat(&again, "eml", buffer_bytes(&rebuilt.out)), 0);
    const char *text = buffer_string(&again.out);
    if (has && !strstr(text, has))
        fail_msg("%s is not in: %s", has, text);
    if (lacks && (strstr(text, lacks) || strstr((const char *)rebuilt.out.data, lacks)))
        fail_msg("%s is in: %s", lacks, text);
    treated_close(&rebuilt);
    treated_close(&again);
}

static void mail_keeps_fields_and_thread(void **state)
{
    (void)state;
    struct treated made = rebuild("Received: from x by y; Fri, 1 Apr 2022 09:00:00 +0900\r\n"
                                  "Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\n"
                                  "References: <0@x>\r\n\t<1@x>\r\nX-Mailer: evil\r\n" FIELDS
                                  "Subject: =?ISO-2022-JP?B?GyRCJF8kWyRzO1QbKEI=?=\r\n\r\nhi\r\n");
    const char *expected =
        "Date: Fri, 01 Apr 2022 09:00:00 +0900\r\nFrom: <a@example.jp>\r\n"
        "To: <b@example.jp>\r\nSubject: =?UTF-8?B?44G/44G744KT5biC?=\r\n"
        "Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\nReferences: <0@x>\r\n <1@x>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n\r\nhi\r\n";
    assert_string_equal((const char *)made.out.data, expected);
    treated_close(&made);
}

static void mail_reads_text_in_every_japanese_encoding(void **state)
{
    (void)state;
    assert_mail(FIELDS "Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n"
                       "\x1B$B$_$[$s;T-!\x1B(B\r\n",
                "みほん市①", NULL);
    assert_mail(FIELDS "Content-Type: text/plain; charset=\"Shift_JIS\"\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\ngt2C2YLxjnM=\r\n",
                "みほん市", NULL);
    assert_mail(FIELDS "Content-Transfer-Encoding: quoted-printable\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\n\r\n=E3=81=BF=E3=81=\r\n=BB\r\n",
                "みほ", NULL);
    assert_mail(FIELDS "\r\n\x82\xDD\x82\xD9\x82\xF1\x8E\x73 (no charset)\r\n", "みほん市", NULL);
    assert_mail(FIELDS "Content-Type: text/plain; charset=us-ascii\r\n\r\n\x1B$B$_$[\x1B(B\r\n",
                "みほ", NULL);
}

static void mail_joins_encoded_words_cut_inside_a_character(void **state)
{
    (void)state;
    AUTO_BUFFER text = {0};
    mime_decode_words(
        bytes_of_string("=?UTF-8?B?44G/44G7?=\r\n =?UTF-8?B?44I=?= =?UTF-8?Q?=93?= x"), &text);
    assert_string_equal(buffer_string(&text), "みほん x");
}

static void mail_turns_active_html_into_text(void **state)
{
    (void)state;
    struct treated made =
        rebuild(FIELDS "Content-Type: text/html; charset=utf-8\r\n\r\n"
                       "<html><head><title>t</title><style>p{}</style></head><body onload='x()'>"
                       "<script>alert('gone')</script><p>こんにちは<br>二行目</p>"
                       "<img src='http://tracker.example/pixel.gif' alt='絵'>"
                       "<a href=\"https://real.example/\">https://shown.example/</a>"
                       "<iframe src='http://frame.example'>inside</iframe></body></html>");
    AUTO_BUFFER text = {0};
    size_t body = bytes_find(buffer_bytes(&made.out), 0, "\r\n\r\n");
    mime_decode_base64(bytes_slice(buffer_bytes(&made.out), body, made.out.length), &text);
    assert_string_equal(
        buffer_string(&text),
        "こんにちは\r\n二行目\r\n\r\n絵https://shown.example/ <https://real.example/>\r\n");
    assert_true(treated_says(&made, "mail_body", "mail_html"));
    treated_close(&made);
}

static void mail_prefers_plain_text_of_alternatives(void **state)
{
    (void)state;
    const char *mail =
        FIELDS "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n"
               "--b\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--b--\r\n";
    assert_mail(mail, "plain", "rich");
    const char *empty =
        FIELDS "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n \r\n"
               "--b\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--b--\r\n";
    assert_mail(empty, "rich", NULL);
}

static void mail_disarms_attachments_in_turn(void **state)
{
    (void)state;
    struct treated made = rebuild(
        FIELDS
        "Content-Type: multipart/mixed; boundary=\"b b\"\r\n\r\nold readers see this\r\n"
        "--b b\r\n\r\ntext\r\n"
        "--b b\r\nContent-Type: text/csv\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename*0*=iso-2022-jp'ja'%1B%24B%3BqNA;\r\n"
        " filename*1*=%1B%28B.csv\r\n\r\nPTErMSwy\r\n"
        "--b b\r\nContent-Type: application/pdf; name=\"=?UTF-8?B?6KuL5rGC5pu4?=.pdf\"\r\n"
        "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\nTVqQAAEC\r\n"
        "--b b--\r\nepilogue");
    const char *text = (const char *)made.out.data;
    assert_non_null(strstr(text, "filename*=UTF-8''%E8%B3%87%E6%96%99.csv"));
    assert_non_null(strstr(text, "Jz0xKzEsMg==")); /* '=1+1,2 */
    assert_null(strstr(text, "TVqQ"));
    assert_null(strstr(text, "old readers"));
    treated_close(&made);
}

static void mail_rewrites_lookalike_names(void **state)
{
    (void)state;
    struct treated made = rebuild(
        "From: \"mayor@city.mihon.example.jp\" <evil@example.com>\r\n"
        "To: =?UTF-8?B?0KDQsHlwYWw=?= <x@example.jp>, \"b@example.jp\" <b@example.jp>\r\n"
        "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        "Content-Disposition: attachment; filename=\"=?UTF-8?B?6KuL5rGC4oCudHh0LmNzdg==?=\"\r\n\r\n"
        "1,2\r\n--b\r\nContent-Disposition: attachment; filename=\"../../a.jpg      "
        ".txt\"\r\n\r\n1\r\n"
        "--b--\r\n");
    const char *text = (const char *)made.out.data;
    assert_non_null(strstr(text, "From: <evil@example.com>\r\n"));
    assert_non_null(
        strstr(text, "To: Paypal <x@example.jp>,\r\n \"b@example.jp\" <b@example.jp>\r\n"));
    assert_null(strstr(text, "%E2%80%AE"));
    assert_non_null(strstr(text, "filename=\"a_jpg.txt\""));
    assert_true(treated_says(&made, "mail_field", "mail_lookalike"));
    assert_true(treated_says(&made, "name", "name_hidden"));
    assert_true(treated_says(&made, "name", "name_traversal"));
    treated_close(&made);
}

static void mail_normalises_malformed_structure(void **state)
{
    (void)state;
    assert_mail(FIELDS "Content-Type: multipart/mixed\r\n\r\nno boundary at all\r\n", "no boundary",
                NULL);
    assert_mail(FIELDS "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nnever closed",
                "never closed", NULL);
    assert_mail(FIELDS "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<b>as it is</b>",
                "<b>as it is</b>", NULL);
    assert_mail("From: a@x\rTo: b@x\rSubject: cr\r\rlines of old systems\r", "lines of old", NULL);
    assert_mail("From MAILER Thu Apr 1\r\nFrom: a@x\nSubject: s\nbody without an empty line\n",
                "body without", NULL);
    assert_mail("From: a@x\r\nFrom: second@x\r\nSubject: s\r\n\r\nx", "a@x", "second@x");
}

static void mail_drops_what_is_elsewhere_or_sealed(void **state)
{
    (void)state;
    const char *types[] = {"message/external-body; access-type=URL; URL=\"http://evil.example/\"",
                           "application/pkcs7-mime", "application/ms-tnef", "message/partial"};
    for (size_t i = 0; i < 4; i++) {
        AUTO_BUFFER mail = {0};
        buffer_append_format(&mail,
                             FIELDS "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
                                    "text\r\n--b\r\nContent-Type: %s\r\n\r\nDROPPED\r\n--b--\r\n",
                             types[i]);
        assert_mail(buffer_string(&mail), "text", "DROPPED");
    }
}

static void mail_takes_uuencoded_files_out_of_the_text(void **state)
{
    (void)state;
    struct treated made =
        rebuild(FIELDS "\r\nhello\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\nbye\r\n");
    assert_non_null(strstr((const char *)made.out.data, "hello\r\nbye"));
    assert_non_null(strstr((const char *)made.out.data, "filename=\"a.txt\""));
    assert_non_null(strstr((const char *)made.out.data, "YWJj"));
    treated_close(&made);
}

static void mail_counts_attached_mails(void **state)
{
    (void)state;
    AUTO_BUFFER mail = {0};
    buffer_append_string(&mail, FIELDS "\r\ninnermost");
    for (int i = 0; i < 3; i++) {
        AUTO_BUFFER outer = {0};
        buffer_append_string(&outer, FIELDS "Content-Type: message/rfc822\r\n\r\n");
        buffer_append_bytes(&outer, buffer_bytes(&mail));
        buffer_clear(&mail);
        buffer_append_bytes(&mail, buffer_bytes(&outer));
    }
    struct treated made = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&made, "eml", buffer_bytes(&mail)), 0);
    assert_non_null(strstr(buffer_string(&made.out), "innermost"));
    treated_close(&made);
    made = treated_open(DISARM_REBUILD);
    made.options.limits.depth = 2;
    assert_int_equal(treat(&made, "eml", buffer_bytes(&mail)), 0);
    assert_null(strstr(buffer_string(&made.out), "innermost"));
    treated_close(&made);
}

static void assert_field(unsigned (*write)(struct bytes, struct buffer *), const char *value,
                         const char *expected)
{
    AUTO_BUFFER out = {0}, again = {0};
    write(bytes_of_string(value), &out);
    assert_string_equal(buffer_string(&out), expected);
    write(buffer_bytes(&out), &again);
    assert_string_equal(buffer_string(&again), expected);
}

static void mail_fields_are_settled(void **state)
{
    (void)state;
    assert_field(mail_field_append_addresses, " a@x (名前)", "=?UTF-8?B?5ZCN5YmN?= <a@x>");
    assert_field(mail_field_append_addresses, "undisclosed-recipients:;",
                 "undisclosed-recipients:;");
    assert_field(mail_field_append_addresses, "List: a@x, b@x;, c@x",
                 "<a@x>,\r\n <b@x>,\r\n <c@x>");
    assert_field(mail_field_append_addresses, "MAILER-DAEMON <>", "MAILER-DAEMON:;");
    assert_field(mail_field_append_addresses, "\"a, \\\"b\\\"\" <c.d.@docomo.example>",
                 "\"a, \\\"b\\\"\" <c.d.@docomo.example>");
    assert_field(mail_field_append_date, " 9 Feb 22 1:02:03 JST (x)",
                 "Wed, 09 Feb 2022 01:02:03 +0900");
    assert_field(mail_field_append_date, "yesterday", "");
    assert_field(mail_field_append_identifiers, "<a@b>junk<c d@e> <f@g>", "<a@b>\r\n <f@g>");
    assert_field(mail_field_append_text, "=?UTF-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x");
}

static void mail_verifier_refuses_other_forms(void **state)
{
    (void)state;
    const struct format *eml = format_find("eml");
    struct verify_job job = {.limits = &disarm_default_limits};
    struct error error = {0};
    const char *good = "Date: x\r\nFrom: <a@x>\r\nMIME-Version: 1.0\r\n"
                       "Content-Type: text/plain; charset=UTF-8\r\n"
                       "Content-Transfer-Encoding: 7bit\r\n\r\nhi\r\n";
    assert_int_equal(eml->verify(&job, bytes_of_string(good), &error), 0);
    static const struct {
        const char *from, *to;
    } changes[] = {
        {"Date: ", "X-Evil: "},
        {"From: <a@x>", "From: <a@x>\r\nFrom: <b@x>"},
        {"\r\nhi", "\nhi"},
        {"text/plain", "text/html"},
        {"7bit", "8bit"},
        {"hi", "h\x07i"},
        {"hi", "\xE3\x81\xBF"},
        {"<a@x>", "=?UTF-8?Q?x?="},
        {"<a@x>", "=?UTF-8?B?4oCu?="},
        {"MIME-Version", "Subject: x\r\n\r\nMIME-Version"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        AUTO_BUFFER bad = {0};
        const char *at = strstr(good, changes[i].from);
        buffer_append(&bad, good, (size_t)(at - good));
        buffer_append_string(&bad, changes[i].to);
        buffer_append_string(&bad, at + strlen(changes[i].from));
        assert_int_equal(eml->verify(&job, buffer_bytes(&bad), &error), -1);
    }
}

static void html_text_survives_any_markup(void **state)
{
    (void)state;
    const char *pages[][2] = {
        {"a<b", "a\n"},
        {"1 < 2 &amp; 3 &lt; 4 &#x3042;&#12354;&unknown;", "1 < 2 & 3 < 4 ああ&unknown;\n"},
        {"<!-- <p> -->x<!doctype y>z<script>never closed", "xz\n"},
        {"<ul><li>一<li>二</ul><table><tr><td>a<td>b<tr><td>c</table>", "・一\n・二\na\tb\nc\n"},
        {"<pre>a\n  b</pre>", "a\n  b\n"},
        {"<a href='javascript:x()'>link</a>", "link\n"},
        {"<p title='>'>quoted</p>", "quoted\n"},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        AUTO_BUFFER text = {0};
        html_append_text(bytes_of_string(pages[i][0]), &text);
        assert_string_equal(buffer_string(&text), pages[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_keeps_fields_and_thread),
        cmocka_unit_test(mail_reads_text_in_every_japanese_encoding),
        cmocka_unit_test(mail_joins_encoded_words_cut_inside_a_character),
        cmocka_unit_test(mail_turns_active_html_into_text),
        cmocka_unit_test(mail_prefers_plain_text_of_alternatives),
        cmocka_unit_test(mail_disarms_attachments_in_turn),
        cmocka_unit_test(mail_rewrites_lookalike_names),
        cmocka_unit_test(mail_normalises_malformed_structure),
        cmocka_unit_test(mail_drops_what_is_elsewhere_or_sealed),
        cmocka_unit_test(mail_takes_uuencoded_files_out_of_the_text),
        cmocka_unit_test(mail_counts_attached_mails),
        cmocka_unit_test(mail_fields_are_settled),
        cmocka_unit_test(mail_verifier_refuses_other_forms),
        cmocka_unit_test(html_text_survives_any_markup),
    };
    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
