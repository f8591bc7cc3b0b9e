/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API's journal: entries newest first, one entry, the checkpoint. */
#include "web/api.h"
#include "web/journal_read.h"
#include "web/pages.h"

/* Codes only: words are another language's affair. */
static bool is_wanted(void *context, const json_t *entry)
{
    const char *const *words = context;
    bool wanted = true;
    for (size_t i = 0; wanted && i < JOURNAL_SEARCHED; i++)
        wanted = strstr(api_text(entry, journal_searched[i]), words[i]) != NULL;
    return wanted;
}

void api_journal(struct web_request *request)
{
    struct error error = {0};
    struct reading reading = {0};
    const char *words[JOURNAL_SEARCHED];
    json_t *list = NULL;
    uint64_t rest = 0;
    int64_t before = api_number(request, "before");
    for (size_t i = 0; i < JOURNAL_SEARCHED; i++)
        words[i] = request_query(request, journal_searched[i]);
    /* Numbers count from 1: those below `before` are as many as it less one; 0 would be all. */
    const struct journal_search search = {is_wanted, words, before ? (uint64_t)before - 1 : 0,
                                          API_PAGE, true};
    if (before == 1)
        list = json_array();
    if (reading_open(request, &reading, &error) ||
        (!list && journal_list(&reading, &search, &list, &rest, &error))) {
        json_decref(list);
        api_problem(request, &error);
    } else {
        json_t *answer =
            json_pack("{so sI}", "entries", list, "size", (json_int_t)reading.checkpoint.size);
        json_object_set_new(answer, "next",
                            rest ? json_integer((json_int_t)rest + 1) : json_null());
        api_answer(request, MHD_HTTP_OK, answer);
    }
    reading_close(&reading);
}

void api_journal_entry(struct web_request *request)
{
    struct error error = {0};
    struct reading reading = {0};
    AUTO_BUFFER bytes = {0};
    int64_t number = request->match.numbers[0];
    int found = reading_open(request, &reading, &error) == 0
                    ? journal_entry(&reading, (uint64_t)number, &bytes, &error)
                    : -1;
    if (found < 0)
        api_problem(request, &error);
    else if (found == 0)
        api_problem_status(request, MHD_HTTP_NOT_FOUND);
    else
        api_answer(request, MHD_HTTP_OK,
                   json_pack("{sI so ss}", "number", (json_int_t)number, "entry",
                             json_loadb((const char *)bytes.data, bytes.length, 0, NULL), "raw",
                             buffer_string(&bytes)));
    reading_close(&reading);
}

void api_journal_checkpoint(struct web_request *request)
{
    struct error error = {0};
    struct reading reading = {0};
    if (reading_open(request, &reading, &error)) {
        api_problem(request, &error);
    } else {
        request->status = MHD_HTTP_OK;
        request->content_type = "text/plain; charset=utf-8";
        buffer_append_bytes(&request->body, buffer_bytes(&reading.note));
    }
    reading_close(&reading);
}
