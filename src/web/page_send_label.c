/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that propose a label to somebody who does not know which one a document has. */
#include "web/labels.h"
#include "web/pages.h"
#include "web/question_table.h"

/* The questions of a scheme with the answers of a form that was sent by GET. *whole: all have one;
 * *rank: how high the document stands by them. */
static json_t *question_rows(struct web_request *request, const char *scheme, bool *whole,
                             int *rank)
{
    json_t *rows = json_array();
    *whole = true;
    *rank = 0;
    for (size_t i = 0; i < question_count; i++) {
        if (strcmp(question_table[i].scheme, scheme) != 0)
            continue;
        const char *answer = request_query(request, question_table[i].name);
        bool yes = !strcmp(answer, "yes"), no = !strcmp(answer, "no");
        json_t *row = json_object();
        model_text(row, "name", question_table[i].name);
        model_text(row, "text", question_table[i].text);
        model_flag(row, "yes", yes);
        model_flag(row, "no", no);
        json_array_append_new(rows, row);
        *whole = *whole && (yes || no);
        if (yes && question_table[i].rank > *rank)
            *rank = question_table[i].rank;
    }
    return rows;
}

void page_send_label(struct web_request *request)
{
    bool whole;
    int rank;
    struct error error = {0};
    json_t *model = model_page(request, "transfer.label_questions");
    json_t *labels = labels_model(request, "");
    json_t *rows = question_rows(request, labels_scheme(labels), &whole, &rank);
    json_object_set_new(model, "questions", rows);
    if (whole) {
        json_t *list = labels_model(request, labels_at(labels, rank)), *row;
        size_t i;
        json_array_foreach(list, i, row) if (json_is_true(json_object_get(row, "chosen")))
            json_object_set(model, "proposed", row);
        json_decref(list);
    } else if (*request_query(request, "asked")) {
        error_set(&error, "transfer_questions", NULL, "%s", "");
        model_error(request, model, "questions", &error);
    }
    json_decref(labels);
    answer_page(request, error.code ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "send_label",
                model);
}
