/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A version to take along: the text, the original, the copy for publication, OSCAL and Excel. */
#include <stdlib.h>

#include "adoption/export.h"
#include "base/memory.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/policy_reading.h"

/* What can be taken, by the last part of the address. */
struct copy {
    const char *name, *file, *type;
    int (*write)(struct web_request *request, const struct policy_reading *reading,
                 struct buffer *out, struct error *error);
};

static int write_text(struct web_request *request, const struct policy_reading *reading,
                      struct buffer *out, struct error *error)
{
    return adoption_text(request->store, reading->version.id, out, error);
}

static int write_publication(struct web_request *request, const struct policy_reading *reading,
                             struct buffer *out, struct error *error)
{
    struct adoption_publicity *publicity = NULL;
    if (adoption_publicity_read(request->store, reading->policy, &publicity, error) != 0)
        return -1;
    adoption_publication(reading->policy, publicity, out);
    adoption_publicity_free(publicity);
    return 0;
}

static int write_original(struct web_request *request, const struct policy_reading *reading,
                          struct buffer *out, struct error *error)
{
    struct store_blob_reader *reader = NULL;
    struct bytes piece = {0};
    int result = adoption_file(request->store, reading->version.id, &reader, error);
    while (result == 0 && (result = store_blob_read(reader, &piece, error)) == 0 && piece.length)
        buffer_append_bytes(out, piece);
    store_blob_reader_close(reader);
    return result;
}

static int write_catalog(struct web_request *request, const struct policy_reading *reading,
                         struct buffer *out, struct error *error)
{
    return adoption_write_oscal(request->store, reading->policy, POLICY_OSCAL_CATALOG, request->now,
                                out, error);
}

static int write_component(struct web_request *request, const struct policy_reading *reading,
                           struct buffer *out, struct error *error)
{
    return adoption_write_oscal(request->store, reading->policy, POLICY_OSCAL_COMPONENT,
                                request->now, out, error);
}

static int write_results(struct web_request *request, const struct policy_reading *reading,
                         struct buffer *out, struct error *error)
{
    return adoption_write_oscal(request->store, reading->policy, POLICY_OSCAL_ASSESSMENT_RESULTS,
                                request->now, out, error);
}

static int write_excel(struct web_request *request, const struct policy_reading *reading,
                       struct buffer *out, struct error *error)
{
    return adoption_write_excel(request->store, reading->policy, request->language, request->now,
                                out, error);
}

#define JSON  "application/json; charset=utf-8"
#define PLAIN "text/plain; charset=utf-8"

static const struct copy copies[] = {
    {"assessment-results", "assessment-results.json", JSON, write_results},
    {"catalog", "catalog.json", JSON, write_catalog},
    {"component-definition", "component-definition.json", JSON, write_component},
    {"excel", "policy.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     write_excel},
    {"original", NULL, "application/octet-stream", write_original},
    {"publication", "policy-public.txt", PLAIN, write_publication},
    {"text", "policy.txt", PLAIN, write_text},
};

void page_policy_copy(struct web_request *request)
{
    AUTO_READING reading = {0};
    struct error error = {0};
    const struct copy *copy = NULL;
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
        if (!strcmp(copies[i].name, request->match.rest))
            copy = &copies[i];
    if (!copy) {
        answer_status(request, MHD_HTTP_NOT_FOUND);
        return;
    }
    if (policy_reading_open(request, request->match.numbers[0], &reading) <= 0)
        return;
    if (copy->write == write_original &&
        !identity_may(&request->session, "policy.manage", NULL, NULL)) {
        answer_status(request, MHD_HTTP_FORBIDDEN);
        return;
    }
    buffer_clear(&request->body);
    if (copy->write(request, &reading, &request->body, &error) != 0) {
        buffer_clear(&request->body);
        policy_answer_error(request, &error);
        return;
    }
    answer_download_name(request, copy->file ? copy->file : reading.version.file_name);
    request->status = MHD_HTTP_OK;
    request->content_type = copy->type;
}
