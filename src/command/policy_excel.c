/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons and coverage as Excel workbooks, by libxlsxwriter. */
#include "adoption/export.h"
#include "command/policy_export.h"
#include "policy/catalogue.h"

int policy_write_comparison_excel(const struct policy *const *policies,
                                  const struct policy_comparison *comparison,
                                  enum language language, const char *path, struct error *error)
{
    struct book book = {0};
    if (book_open(&book, path, NULL, error)) {
        buffer_free(&book.path);
        return -1;
    }
    adoption_fill_comparison(&book, policies, comparison, language);
    return book_close(&book, path, error);
}

static const char *how_words(enum language language, const char *how)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "how.%s", how);
    return message_get(language, buffer_string(&key));
}

static void fill_duties(struct book_sheet *sheet, const struct policy *policy,
                        enum language language)
{
    book_head(sheet, message_get(language, "policy.clause"), 18);
    book_head(sheet, message_get(language, "policy.text"), 60);
    book_head(sheet, message_get(language, "policy.who"), 24);
    book_head(sheet, message_get(language, "policy.when"), 16);
    book_head(sheet, message_get(language, "policy.control"), 32);
    book_head(sheet, message_get(language, "policy.how"), 12);
    book_head(sheet, message_get(language, "policy.confidence"), 8);
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        const struct policy_binding *best =
            requirement->binding_count ? &requirement->bindings[0] : NULL;
        AUTO_BUFFER roles = {0};
        for (size_t r = 0; r < requirement->roles.count; r++)
            buffer_append_format(&roles, "%s%s", r ? "・" : "", requirement->roles.items[r]);
        book_next_row(sheet);
        book_cell(sheet, requirement->id);
        book_cell(sheet, policy->sentences[requirement->sentence].text);
        book_cell(sheet, buffer_string(&roles));
        book_cell(sheet, requirement->timing_text);
        book_cell(sheet, best ? catalogue_find(best->control)->title[language]
                              : message_get(language, "policy.unbound"));
        book_cell(sheet, best ? how_words(language, best->how) : "");
        if (best)
            book_number(sheet, (double)(int)(best->confidence * 100 + 0.5) / 100);
    }
}

/* The requirements that one control meets, each on a line; how many. */
static size_t list_duties(const struct policy *policy, const char *control, struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        for (size_t b = 0; b < requirement->binding_count; b++) {
            if (!strcmp(requirement->bindings[b].control, control))
                buffer_append_format(out, "%s%s", count++ ? "\n" : "", requirement->id);
        }
    }
    return count;
}

static void fill_controls(struct book_sheet *sheet, const struct policy *policy,
                          enum language language)
{
    book_head(sheet, message_get(language, "policy.control"), 36);
    book_head(sheet, message_get(language, "policy.how"), 12);
    book_head(sheet, message_get(language, "policy.count"), 8);
    book_head(sheet, message_get(language, "policy.clause"), 40);
    size_t count;
    const struct control *controls = catalogue_all(&count);
    for (size_t c = 0; c < count; c++) {
        AUTO_BUFFER duties = {0};
        size_t bound = list_duties(policy, controls[c].id, &duties);
        if (!bound)
            continue;
        book_next_row(sheet);
        book_cell(sheet, controls[c].title[language]);
        book_cell(sheet, how_words(language, control_how_name(controls[c].how)));
        book_number(sheet, (double)bound);
        book_cell(sheet, buffer_string(&duties));
    }
}

int policy_write_coverage_excel(const struct policy *policy, enum language language,
                                const char *path, struct error *error)
{
    struct book book = {0};
    if (book_open(&book, path, NULL, error)) {
        buffer_free(&book.path);
        return -1;
    }
    struct book_sheet duties = book_sheet(&book, message_get(language, "policy.duties"));
    fill_duties(&duties, policy, language);
    struct book_sheet controls = book_sheet(&book, message_get(language, "policy.controls"));
    fill_controls(&controls, policy, language);
    return book_close(&book, path, error);
}
