/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal as auditors read it: newest entries first, one entry, and its proof to take along. */
#include "base/time.h"
#include "journal/proof.h"
#include "journal/reader.h"
#include "web/journal_words.h"
#include "web/pages.h"

enum {
    PAGE = 50,
    LOOKED_AT = 2000, /* entries that one page of a search looks at */
};

/* A published journal as of its checkpoint. */
struct reading {
    struct journal_reader *reader;
    struct buffer note;
    struct checkpoint checkpoint;
};

static void reading_close(struct reading *reading)
{
    journal_reader_free(reading->reader);
    buffer_free(&reading->note);
}

static int reading_open(struct web_request *request, struct reading *reading, struct error *error)
{
    AUTO_BUFFER path = {0};
    struct note note;
    store_append_path(&path, request->server->options.directory, "journal");
    reading->reader = journal_reader_open(buffer_string(&path), error);
    if (!reading->reader || journal_reader_checkpoint(reading->reader, &reading->note, error) ||
        checkpoint_parse(buffer_bytes(&reading->note), &note, &reading->checkpoint, "checkpoint",
                         error))
        return -1;
    journal_reader_set_size(reading->reader, reading->checkpoint.size);
    return 0;
}

/* ---- the list ---- */

struct search {
    struct web_request *request;
    const char *words[3]; /* of actor, action, object; "" for any */
    json_t *rows;         /* newest first */
    json_t *names;        /* what codes stand for, as far as looked up */
};

static const char *const searched[] = {"actor", "action", "object"};

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

static int add_entry(void *context, uint64_t index, struct bytes bytes, struct error *error)
{
    struct search *search = context;
    (void)error;
    json_t *entry = json_loadb((const char *)bytes.data, bytes.length, 0, NULL);
    bool wanted = entry != NULL;
    for (size_t i = 0; wanted && i < 3; i++)
        wanted = matches(search, entry, searched[i], search->words[i]);
    if (wanted) {
        json_t *row = json_object();
        model_number(row, "number", (int64_t)index + 1);
        for (size_t i = 0; i < 3; i++)
            model_text(row, searched[i], words_of(search, entry, searched[i]));
        model_text(row, "zone", text_of(entry, "zone"));
        model_text(row, "reason", text_of(entry, "reason"));
        add_time(row, search->request->language, entry);
        json_array_insert_new(search->rows, 0, row);
    }
    json_decref(entry);
    return 0;
}

/* Looks through the entries before `end`, a page's worth at a time, newest first; *rest is where
 * the next page ends. */
static int list_entries(struct search *search, struct journal_reader *reader, uint64_t end,
                        uint64_t *rest, struct error *error)
{
    json_t *all = json_array();
    uint64_t stop = end > LOOKED_AT ? end - LOOKED_AT : 0;
    int result = 0;
    while (result == 0 && end > stop && json_array_size(all) < PAGE) {
        uint64_t first = end - stop > PAGE ? end - PAGE : stop;
        search->rows = json_array();
        result = journal_reader_visit(reader, first, end, add_entry, search, error);
        json_array_extend(all, search->rows);
        json_decref(search->rows);
        end = first;
    }
    search->rows = all;
    *rest = end;
    return result < 0 ? -1 : 0;
}

void page_journal(struct web_request *request)
{
    struct error error = {0};
    struct reading reading = {0};
    struct search search = {.request = request, .names = json_object()};
    uint64_t rest = 0;
    for (size_t i = 0; i < 3; i++)
        search.words[i] = request_query(request, searched[i]);
    int failed = reading_open(request, &reading, &error);
    if (!failed) {
        int64_t before = request_number(request_query(request, "before"));
        uint64_t end = reading.checkpoint.size;
        if (before > 0 && (uint64_t)before < end)
            end = (uint64_t)before;
        failed = list_entries(&search, reading.reader, end, &rest, &error);
    }
    if (failed) {
        json_decref(search.rows);
        answer_error(request, &error);
    } else {
        json_t *model = model_page(request, "page.journal");
        json_object_set_new(model, "entries", search.rows);
        model_number(model, "size", (int64_t)reading.checkpoint.size);
        model_number(model, "rest", (int64_t)rest);
        for (size_t i = 0; i < 3; i++)
            model_text(model, searched[i], search.words[i]);
        answer_page(request, MHD_HTTP_OK, "journal", model);
    }
    json_decref(search.names);
    reading_close(&reading);
}

/* ---- one entry ---- */

/* Reads the entry that the path names. 0, or -1: the answer is given. */
static int open_entry(struct web_request *request, struct reading *reading, struct buffer *entry)
{
    struct error error = {0};
    uint64_t number = (uint64_t)request->match.numbers[0];
    if (reading_open(request, reading, &error) == 0) {
        if (number > reading->checkpoint.size) {
            answer_status(request, MHD_HTTP_NOT_FOUND);
            return -1;
        }
        if (journal_reader_entry(reading->reader, number - 1, entry, &error) == 0)
            return 0;
    }
    answer_error(request, &error);
    return -1;
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
    for (size_t i = 0; i < 3; i++)
        model_text(model, searched[i], words_of(&search, entry, searched[i]));
    if (*text_of(entry, "reason"))
        model_text(model, "reason", text_of(entry, "reason"));
    json_decref(search.names);
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
