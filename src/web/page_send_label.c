/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that propose a label to somebody who does not know which one a document has. */
#include "web/labels.h"
#include "web/pages.h"

/* What a "yes" says: the document stands at least this high. */
static const struct question {
    const char *name, *text; /* text: key of the catalogue */
    int rank;
} questions[] = {
    {"number", "transfer.ask_number", 4},     {"sensitive", "transfer.ask_sensitive", 4},
    {"personal", "transfer.ask_personal", 3}, {"harm", "transfer.ask_harm", 3},
    {"inside", "transfer.ask_inside", 1},
};

enum { QUESTIONS = sizeof questions / sizeof *questions };

/* The answers of a form that was sent by GET; *asked: there was one. */
static json_t *question_rows(struct web_request *request, bool *whole, int *rank)
{
    json_t *rows = json_array();
    *whole = true;
    *rank = 0;
    for (size_t i = 0; i < QUESTIONS; i++) {
        const char *answer = request_query(request, questions[i].name);
        bool yes = !strcmp(answer, "yes"), no = !strcmp(answer, "no");
        json_t *row = json_object();
        model_text(row, "name", questions[i].name);
        model_text(row, "text", questions[i].text);
        model_flag(row, "yes", yes);
        model_flag(row, "no", no);
        json_array_append_new(rows, row);
        *whole = *whole && (yes || no);
        if (yes && questions[i].rank > *rank)
            *rank = questions[i].rank;
    }
    return rows;
}

void page_send_label(struct web_request *request)
{
    bool whole;
    int rank;
    struct error error = {0};
    json_t *model = model_page(request, "transfer.label_questions");
    json_t *rows = question_rows(request, &whole, &rank);
    json_object_set_new(model, "questions", rows);
    if (whole) {
        json_t *labels = labels_model(request, "");
        json_t *list = labels_model(request, labels_at(labels, rank)), *row;
        size_t i;
        json_array_foreach(list, i, row) if (json_is_true(json_object_get(row, "chosen")))
            json_object_set(model, "proposed", row);
        json_decref(labels);
        json_decref(list);
    } else if (*request_query(request, "asked")) {
        error_set(&error, "transfer_questions", NULL, "%s", "");
        model_error(request, model, "questions", &error);
    }
    answer_page(request, error.code ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "send_label",
                model);
}
