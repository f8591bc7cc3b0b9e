/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal as auditors read it: newest entries first, one entry, and its proof to take along. */
#include "adoption/state.h"
#include "base/time.h"
#include "gate/transfers.h"
#include "journal/proof.h"
#include "web/journal_read.h"
#include "web/journal_words.h"
#include "web/pages.h"

enum { PAGE = 50 };

/* ---- the list ---- */

struct search {
    struct web_request *request;
    const char *words[JOURNAL_SEARCHED]; /* "" for any */
    json_t *names;                       /* what codes stand for, as far as looked up */
};

static const char *text_of(const json_t *entry, const char *name)
{
    const char *text = json_string_value(json_object_get(entry, name));
    return text ? text : "";
}

static void add_time(json_t *row, enum language language, const json_t *entry)
{
    int64_t moment;
    const char *utc = text_of(json_object_get(entry, "time"), "utc");
    if (time_parse(bytes_of_string(utc), &moment, NULL) == 0)
        model_moment(row, "time", language, moment);
}

/* What a member of an entry stands for, in words. */
static const char *words_of(struct search *search, const json_t *entry, const char *member)
{
    const char *text = text_of(entry, member);
    return !strcmp(member, "action") ? journal_action_words(search->request, search->names, text)
                                     : journal_object_words(search->request, search->names, text);
}

/* True when a member holds what is looked for, as its code or in words. */
static bool matches(struct search *search, const json_t *entry, const char *member,
                    const char *wanted)
{
    return !*wanted || strstr(text_of(entry, member), wanted) ||
           strstr(words_of(search, entry, member), wanted);
}

static bool is_wanted(void *context, const json_t *entry)
{
    struct search *search = context;
    bool wanted = true;
    for (size_t i = 0; wanted && i < JOURNAL_SEARCHED; i++)
        wanted = matches(search, entry, journal_searched[i], search->words[i]);
    return wanted;
}

/* The rows of the page out of a list of entries (taken). */
static json_t *rows_of(struct search *search, json_t *list)
{
    json_t *rows = json_array(), *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        const json_t *entry = json_object_get(one, "entry");
        json_t *row = json_object();
        json_object_set(row, "number", json_object_get(one, "number"));
        for (size_t k = 0; k < JOURNAL_SEARCHED; k++)
            model_text(row, journal_searched[k], words_of(search, entry, journal_searched[k]));
        model_text(row, "reason", text_of(entry, "reason"));
        add_time(row, search->request->language, entry);
        json_array_append_new(rows, row);
    }
    json_decref(list);
    return rows;
}

void page_journal(struct web_request *request)
{
    struct error error = {0};
    struct reading reading = {0};
    struct search search = {.request = request, .names = json_object()};
    json_t *list = NULL;
    uint64_t rest = 0;
    int64_t years = 0;
    int64_t before = request_number(request_query(request, "before"));
    const struct journal_search wanted = {.wanted = is_wanted,
                                          .context = &search,
                                          .end = before > 0 ? (uint64_t)before : 0,
                                          .most = PAGE};
    for (size_t i = 0; i < JOURNAL_SEARCHED; i++)
        search.words[i] = request_query(request, journal_searched[i]);
    /* One state of the store for all the names on the page; asking for each on its own is slower.
     */
    if (store_begin_read(request->store, &error) || reading_open(request, &reading, &error) ||
        journal_list(&reading, &wanted, &list, &rest, &error) ||
        adoption_years_kept(request->store, &years, &error)) {
        json_decref(list);
        answer_error(request, &error);
    } else {
        json_t *model = model_page(request, "page.journal");
        json_object_set_new(model, "entries", rows_of(&search, list));
        model_number(model, "size", (int64_t)reading.checkpoint.size);
        model_number(model, "rest", (int64_t)rest);
        if (years)
            model_number(model, "years_kept", years);
        for (size_t i = 0; i < JOURNAL_SEARCHED; i++)
            model_text(model, journal_searched[i], search.words[i]);
        answer_page(request, MHD_HTTP_OK, "journal", model);
    }
    store_rollback(request->store);
    json_decref(search.names);
    reading_close(&reading);
}

/* ---- one entry ---- */

/* Reads the entry that the path names. 0, or -1: the answer is given. */
static int open_entry(struct web_request *request, struct reading *reading, struct buffer *entry)
{
    struct error error = {0};
    uint64_t number = (uint64_t)request->match.numbers[0];
    int found = reading_open(request, reading, &error) == 0
                    ? journal_entry(reading, number, entry, &error)
                    : -1;
    if (found < 0)
        answer_error(request, &error);
    else if (found == 0)
        answer_status(request, MHD_HTTP_NOT_FOUND);
    return found == 1 ? 0 : -1;
}

/* Name and value of each member of an entry; nested ones as JSON. */
static json_t *members_of(json_t *entry)
{
    json_t *rows = json_array(), *value;
    const char *name;
    json_object_foreach(entry, name, value)
    {
        char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
        json_array_append_new(rows, json_pack("{ss ss}", "name", name, "value",
                                              text ? text : json_string_value(value)));
        free(text);
    }
    return rows;
}

/* Who did what to which thing, and why, in words. */
static void add_words(struct web_request *request, json_t *model, const json_t *entry)
{
    struct search search = {.request = request, .names = json_object()};
    for (size_t i = 0; i < JOURNAL_SEARCHED; i++)
        model_text(model, journal_searched[i], words_of(&search, entry, journal_searched[i]));
    if (*text_of(entry, "reason"))
        model_text(model, "reason", text_of(entry, "reason"));
    json_decref(search.names);
}

/* The receipts that an entry about a transfer names. */
static void add_receipts(json_t *model, const json_t *entry)
{
    static const char fact[] = "receipt_";
    const char *name;
    int64_t transfer = gate_transfer_number(text_of(entry, "object"));
    json_t *rows = json_array(), *digest;
    json_object_foreach(json_object_get(entry, "facts"), name, digest)
    {
        if (transfer > 0 && !strncmp(name, fact, strlen(fact)))
            json_array_append_new(rows,
                                  json_pack("{sI sI}", "transfer", (json_int_t)transfer, "item",
                                            (json_int_t)request_number(name + strlen(fact))));
    }
    json_object_set_new(model, "receipts", rows);
}

void page_journal_entry(struct web_request *request)
{
    AUTO_BUFFER bytes = {0};
    struct reading reading = {0};
    if (open_entry(request, &reading, &bytes) == 0) {
        json_t *entry = json_loadb((const char *)bytes.data, bytes.length, 0, NULL);
        json_t *model = model_page(request, "page.journal_entry");
        model_number(model, "number", request->match.numbers[0]);
        model_text(model, "raw", buffer_string(&bytes));
        model_text(model, "note", buffer_string(&reading.note));
        add_time(model, request->language, entry);
        add_words(request, model, entry);
        add_receipts(model, entry);
        json_object_set_new(model, "members", members_of(entry));
        json_decref(entry);
        answer_page(request, MHD_HTTP_OK, "journal_entry", model);
    }
    reading_close(&reading);
}

void page_journal_proof(struct web_request *request)
{
    AUTO_BUFFER entry = {0};
    struct error error = {0};
    struct reading reading = {0};
    struct merkle_proof path;
    uint64_t index = (uint64_t)request->match.numbers[0] - 1;
    if (open_entry(request, &reading, &entry) == 0) {
        struct merkle_source source = journal_reader_source(reading.reader);
        if (merkle_prove_inclusion(&source, index, reading.checkpoint.size, &path, &error)) {
            answer_error(request, &error);
        } else {
            AUTO_BUFFER disposition = {0};
            journal_proof_append(&request->body, buffer_bytes(&entry), index, &path,
                                 buffer_bytes(&reading.note));
            buffer_append_format(&disposition, "attachment; filename=\"entry-%lld.tlog-proof\"",
                                 (long long)index + 1);
            answer_header(request, "Content-Disposition", buffer_string(&disposition));
            request->status = MHD_HTTP_OK;
            request->content_type = "text/plain; charset=utf-8";
        }
    }
    reading_close(&reading);
}
