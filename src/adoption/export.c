/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the requirements stand, as OSCAL and as an Excel workbook. */
#include "adoption/export.h"

#include <stdio.h>
#include <unistd.h>

#include "adoption/book.h"
#include "adoption/internal.h"
#include "base/file.h"
#include "base/random.h"

/* ---- words ---- */

static const char *state_words(const struct adoption_standing *standing, enum language language)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "adoption.state.%s", adoption_state_name(standing->state));
    return message_get(language, buffer_string(&key));
}

/* One sentence that says what shows it; nothing when nothing does. */
static void append_evidence(const struct adoption_standing *standing, enum language language,
                            struct buffer *out)
{
    char accepted[24], refused[24];
    snprintf(accepted, sizeof accepted, "%lld", (long long)standing->accepted);
    snprintf(refused, sizeof refused, "%lld", (long long)standing->refused);
    const struct message_value values[] = {{"accepted", accepted},
                                           {"refused", refused},
                                           {"date", standing->attested},
                                           {"until", standing->until}};
    const char *key = *standing->until       ? "adoption.evidence.exception"
                      : standing->last       ? "adoption.evidence.counted"
                      : !*standing->attested ? NULL
                      : standing->done       ? "adoption.evidence.done"
                                             : "adoption.evidence.not_done";
    if (key)
        message_append(out, language, key, values, sizeof values / sizeof *values);
}

/* True when what the policy asks for is kept, and something shows it. */
static bool satisfied(const struct adoption_standing *standing)
{
    switch (standing->state) {
    case ADOPTION_ENFORCED:
    case ADOPTION_INAPPLICABLE:
        return true;
    case ADOPTION_CHECKED:
    case ADOPTION_RECORDED:
        return standing->last != 0;
    case ADOPTION_ATTESTED:
        return standing->done;
    default:
        return false;
    }
}

/* ---- OSCAL ---- */

/* What the writer borrows for one requirement. */
struct texts {
    struct buffer evidence, collected;
};

static void fill(const struct adoption_standing *standing, struct texts *texts,
                 struct policy_oscal_standing *out)
{
    append_evidence(standing, LANGUAGE_JA, &texts->evidence);
    if (standing->last)
        time_append_japan(&texts->collected, standing->last);
    *out = (struct policy_oscal_standing){.control = standing->control ? standing->control->id : "",
                                          .state = adoption_state_name(standing->state),
                                          .owner = standing->owner_name,
                                          .due = standing->due,
                                          .evidence = buffer_string(&texts->evidence),
                                          .collected = buffer_string(&texts->collected),
                                          .satisfied = satisfied(standing)};
}

int adoption_write_oscal(struct store *store, const struct policy *policy, enum policy_oscal model,
                         int64_t now, struct buffer *out, struct error *error)
{
    struct adoption_standings standings;
    AUTO_BUFFER time = {0};
    if (adoption_standings_read(store, policy, now, &standings, error) != 0)
        return -1;
    AUTO_FREE struct policy_oscal_standing *list =
        memory_allocate(standings.count + 1, sizeof *list);
    AUTO_FREE struct texts *texts = memory_allocate(standings.count + 1, sizeof *texts);
    for (size_t i = 0; i < standings.count; i++)
        fill(&standings.items[i], &texts[i], &list[i]);
    time_append_japan(&time, now);
    policy_write_oscal_standing(policy, model, list, buffer_string(&time), out);
    for (size_t i = 0; i < standings.count; i++) {
        buffer_free(&texts[i].evidence);
        buffer_free(&texts[i].collected);
    }
    adoption_standings_free(&standings);
    return 0;
}

/* ---- Excel ---- */

static void fill_row(struct book_sheet *sheet, const struct policy *policy, size_t index,
                     const struct adoption_standing *standing, enum language language)
{
    AUTO_BUFFER evidence = {0}, role = {0}, last = {0};
    const struct policy_requirement *requirement = &policy->requirements[index];
    append_evidence(standing, language, &evidence);
    buffer_append_format(&role, "adoption.role.%s", standing->role);
    if (standing->last)
        date_append(&last, time_date_in_japan(standing->last));
    book_next_row(sheet);
    book_cell(sheet, requirement->id);
    book_cell(sheet, policy->sentences[requirement->sentence].text);
    book_cell(sheet, standing->control ? standing->control->title[language] : "");
    book_cell(sheet, state_words(standing, language));
    book_cell(sheet, message_get(language, buffer_string(&role)));
    book_cell(sheet, standing->owner_name);
    book_number(sheet, (double)standing->accepted);
    book_number(sheet, (double)standing->refused);
    book_cell(sheet, standing->last ? buffer_string(&last) : standing->attested);
    book_cell(sheet, buffer_string(&evidence));
    book_cell(sheet, standing->due);
}

static void fill_sheet(struct book *book, const struct policy *policy,
                       const struct adoption_standings *standings, enum language language)
{
    static const struct {
        const char *key;
        double width;
    } heads[] = {
        {"policy.clause", 18},           {"policy.text", 60},
        {"policy.control", 30},          {"adoption.column.state", 18},
        {"adoption.column.role", 22},    {"adoption.column.owner", 16},
        {"adoption.column.accepted", 8}, {"adoption.column.refused", 8},
        {"adoption.column.last", 12},    {"adoption.column.evidence", 36},
        {"adoption.column.due", 12},
    };
    struct book_sheet sheet = book_sheet(book, message_get(language, "adoption.sheet"));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        book_head(&sheet, message_get(language, heads[i].key), heads[i].width);
    for (size_t i = 0; i < standings->count; i++)
        fill_row(&sheet, policy, i, &standings->items[i], language);
}

void adoption_fill_comparison(struct book *book, const struct policy *const *policies,
                              const struct policy_comparison *comparison, enum language language)
{
    struct book_sheet sheet = book_sheet(book, message_get(language, "policy.comparison"));
    book_head(&sheet, message_get(language, "policy.topic"), 30);
    for (size_t p = 0; p < comparison->policy_count; p++) {
        book_head(&sheet, policies[p]->organization, 12);
        book_head(&sheet, message_get(language, "policy.clause"), 16);
        book_head(&sheet, message_get(language, "policy.text"), 50);
    }
    for (size_t r = 0; r < comparison->row_count; r++) {
        const struct policy_row *row = &comparison->rows[r];
        book_next_row(&sheet);
        book_cell(&sheet, row->topic);
        for (size_t p = 0; p < comparison->policy_count; p++) {
            AUTO_BUFFER key = {0};
            buffer_append_format(&key, "agreement.%s", policy_agreement_name(row->agreement[p]));
            const struct policy_clause *clause =
                row->clauses[p] == POLICY_NONE ? NULL : &policies[p]->clauses[row->clauses[p]];
            book_cell(&sheet, message_get(language, buffer_string(&key)));
            book_cell(&sheet, clause ? clause->id : "");
            book_cell(&sheet, clause ? clause->text : "");
        }
    }
}

/* What fills a workbook. */
struct content {
    void (*fill)(struct book *book, const struct content *content);
    enum language language;
    union {
        struct {
            const struct policy *policy;
            const struct adoption_standings *standings;
        } state;
        struct {
            const struct policy *const *policies;
            const struct policy_comparison *comparison;
        } side_by_side;
    };
};

static void fill_state(struct book *book, const struct content *content)
{
    fill_sheet(book, content->state.policy, content->state.standings, content->language);
}

static void fill_side_by_side(struct book *book, const struct content *content)
{
    adoption_fill_comparison(book, content->side_by_side.policies, content->side_by_side.comparison,
                             content->language);
}

/* Writes the workbook to a file of a random name where web processes may write, among the blobs
 * that are not finished, and takes its bytes. */
static int write_book(const char *directory, const struct content *content, struct buffer *out,
                      struct error *error)
{
    enum { MOST = 1 << 28 };
    struct book book = {0};
    AUTO_BUFFER path = {0}, blobs = {0}, folder = {0};
    uint64_t random;
    random_fill(&random, sizeof random);
    store_append_path(&blobs, directory, "blobs");
    store_append_path(&folder, directory, "blobs/tmp");
    buffer_append_format(&path, "%s/export-%016llx.xlsx", buffer_string(&folder),
                         (unsigned long long)random);
    if (file_make_directory(buffer_string(&blobs), error) != 0 ||
        file_make_directory(buffer_string(&folder), error) != 0)
        return -1;
    if (book_open(&book, buffer_string(&path), buffer_string(&folder), error) != 0) {
        buffer_free(&book.path);
        return -1;
    }
    content->fill(&book, content);
    if (book_close(&book, buffer_string(&path), error) != 0)
        return -1;
    int result = file_read(buffer_string(&path), MOST, out, error);
    unlink(buffer_string(&path));
    return result;
}

int adoption_write_excel(struct store *store, const struct policy *policy, enum language language,
                         int64_t now, struct buffer *out, struct error *error)
{
    struct adoption_standings standings;
    if (adoption_standings_read(store, policy, now, &standings, error) != 0)
        return -1;
    const struct content content = {
        .fill = fill_state, .language = language, .state = {policy, &standings}};
    int result = write_book(store_directory(store), &content, out, error);
    adoption_standings_free(&standings);
    return result;
}

int adoption_write_comparison(struct store *store, const struct policy *const *policies,
                              const struct policy_comparison *comparison, enum language language,
                              struct buffer *out, struct error *error)
{
    const struct content content = {
        .fill = fill_side_by_side, .language = language, .side_by_side = {policies, comparison}};
    return write_book(store_directory(store), &content, out, error);
}
