/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A comparison as one HTML page of its own: no script, nothing loaded. Every text goes through
 * html_escape; the rest are constants of this file.
 */
#include "command/policy_export.h"

#include "base/html.h"

static const char STYLE[] =
    "body{font-family:'Noto Sans JP',sans-serif;line-height:1.6;margin:2rem;color:#1a1a1c}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{border:1px solid #949494;padding:.4rem .6rem;vertical-align:top;text-align:left;"
    "overflow-wrap:anywhere}"
    "thead th{background:#f2f2f2;position:sticky;top:0}"
    "tbody th{font-weight:600}tr{break-inside:avoid}"
    ".same{background:#fff}.changed{background:#fff8e0}.missing{background:#ffeaea}"
    ".state{font-weight:700}.clause{font-family:monospace;margin-left:.5em}"
    "td p{margin:.3rem 0 0}"
    "@media print{@page{size:A4 landscape;margin:12mm}body{margin:0;font-size:9pt}"
    "thead{display:table-header-group}thead th{position:static}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

/* <tag class="…">text</tag>; class may be NULL. Tag and class are constants. */
static void append_element(struct buffer *out, const char *tag, const char *class, const char *text)
{
    buffer_append_format(out, class ? "<%s class=\"%s\">" : "<%s>", tag, class);
    html_escape(out, bytes_of_string(text));
    buffer_append_format(out, "</%s>", tag);
}

static void append_cell(struct buffer *out, const struct policy *policy, size_t clause,
                        enum policy_agreement agreement, enum language language)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "agreement.%s", policy_agreement_name(agreement));
    buffer_append_format(out, "<td class=\"%s\">", policy_agreement_name(agreement));
    append_element(out, "span", "state", message_get(language, buffer_string(&key)));
    if (clause != POLICY_NONE) {
        append_element(out, "span", "clause", policy->clauses[clause].id);
        append_element(out, "p", NULL, policy->clauses[clause].text);
    }
    buffer_append_string(out, "</td>");
}

static void append_head(struct buffer *out, const struct policy *const *policies, size_t count,
                        enum language language)
{
    const char *title = message_get(language, "policy.comparison");
    buffer_append_format(out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">",
                         language == LANGUAGE_JA ? "ja" : "en");
    buffer_append_string(out, "<meta name=\"viewport\" content=\"width=device-width\">");
    buffer_append_string(out, "<meta http-equiv=\"Content-Security-Policy\" "
                              "content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    append_element(out, "title", NULL, title);
    buffer_append_format(out, "<style>%s</style></head><body>\n", STYLE);
    append_element(out, "h1", NULL, title);
    buffer_append_string(out, "<table><thead><tr>");
    append_element(out, "th", NULL, message_get(language, "policy.topic"));
    for (size_t p = 0; p < count; p++)
        append_element(out, "th", NULL, policies[p]->organization);
    buffer_append_string(out, "</tr></thead><tbody>\n");
}

void policy_append_comparison_html(const struct policy *const *policies,
                                   const struct policy_comparison *comparison,
                                   enum language language, struct buffer *out)
{
    append_head(out, policies, comparison->policy_count, language);
    for (size_t r = 0; r < comparison->row_count; r++) {
        const struct policy_row *row = &comparison->rows[r];
        buffer_append_string(out, "<tr>");
        append_element(out, "th", NULL, row->topic);
        for (size_t p = 0; p < comparison->policy_count; p++)
            append_cell(out, policies[p], row->clauses[p], row->agreement[p], language);
        buffer_append_string(out, "</tr>\n");
    }
    buffer_append_string(out, "</tbody></table></body></html>\n");
}
