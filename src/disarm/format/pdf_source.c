/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PDF as it came in, over qpdf's C API. qpdf finds and repairs the objects; it hands each over
 * as text, which our own parser turns into values: far fewer calls than asking for every key.
 */
#include "disarm/format/pdf_source.h"

#include <qpdf/qpdf-c.h>
#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/pdf_token.h"

struct pdf_source {
    qpdf_data qpdf;
};

/* Forgets warnings and errors: what cannot be read is simply absent. */
static void forget_problems(struct pdf_source *source)
{
    if (qpdf_has_error(source->qpdf))
        qpdf_get_error(source->qpdf);
    while (qpdf_more_warnings(source->qpdf))
        qpdf_next_warning(source->qpdf);
}

static int refuse(struct pdf_source *source, const char *password, struct error *error)
{
    qpdf_error problem = qpdf_has_error(source->qpdf) ? qpdf_get_error(source->qpdf) : NULL;
    if (problem && qpdf_get_error_code(source->qpdf, problem) == qpdf_e_password)
        return error_set(error, password ? "password_wrong" : "password_needed", NULL, "%s", "");
    const char *detail = problem ? qpdf_get_error_message_detail(source->qpdf, problem) : NULL;
    return error_set(error, "bad_pdf", NULL, "%s", detail ? detail : "");
}

struct pdf_source *pdf_source_open(struct bytes in, const char *password, struct error *error)
{
    struct pdf_source *source = memory_allocate(1, sizeof *source);
    source->qpdf = qpdf_init();
    qpdf_silence_errors(source->qpdf);
    qpdf_set_suppress_warnings(source->qpdf, QPDF_TRUE);
    qpdf_set_attempt_recovery(source->qpdf, QPDF_TRUE);
    QPDF_ERROR_CODE status = qpdf_read_memory(source->qpdf, "input", (const char *)in.data,
                                              in.length, password ? password : "");
    if (status & QPDF_ERRORS) {
        refuse(source, password, error);
        pdf_source_close(source);
        return NULL;
    }
    forget_problems(source);
    return source;
}

void pdf_source_close(struct pdf_source *source)
{
    if (!source)
        return;
    qpdf_cleanup(&source->qpdf);
    free(source);
}

bool pdf_source_is_encrypted(const struct pdf_source *source)
{
    return qpdf_is_encrypted(source->qpdf);
}

static struct pdf_value parse_text(const char *text, struct pdf_arena *arena)
{
    struct pdf_lexer lexer = pdf_lexer_open(bytes_of_string(text ? text : "null"));
    pdf_lexer_next(&lexer);
    struct pdf_value value = pdf_parse_value(&lexer, arena, true, 0);
    pdf_lexer_close(&lexer);
    return value;
}

/* Takes the handle: reads what it holds and releases it. */
static struct pdf_object take_handle(struct pdf_source *source, qpdf_oh handle,
                                     struct pdf_arena *arena)
{
    struct pdf_object object = {.is_stream = qpdf_oh_is_stream(source->qpdf, handle)};
    if (object.is_stream) {
        qpdf_oh dictionary = qpdf_oh_get_dict(source->qpdf, handle);
        object.value = parse_text(qpdf_oh_unparse_resolved(source->qpdf, dictionary), arena);
        qpdf_oh_release(source->qpdf, dictionary);
    } else {
        object.value = parse_text(qpdf_oh_unparse_resolved(source->qpdf, handle), arena);
    }
    qpdf_oh_release(source->qpdf, handle);
    forget_problems(source);
    return object;
}

struct pdf_value pdf_source_trailer(struct pdf_source *source, struct pdf_arena *arena)
{
    return take_handle(source, qpdf_get_trailer(source->qpdf), arena).value;
}

struct pdf_object pdf_source_load(struct pdf_source *source, struct pdf_reference reference,
                                  struct pdf_arena *arena)
{
    return take_handle(
        source, qpdf_get_object_by_id(source->qpdf, reference.number, reference.generation), arena);
}

int pdf_source_stream(struct pdf_source *source, struct pdf_reference reference,
                      struct buffer *data)
{
    qpdf_oh handle = qpdf_get_object_by_id(source->qpdf, reference.number, reference.generation);
    unsigned char *bytes = NULL;
    size_t length = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    QPDF_ERROR_CODE status = QPDF_ERRORS;
    if (qpdf_oh_is_stream(source->qpdf, handle))
        status =
            qpdf_oh_get_stream_data(source->qpdf, handle, qpdf_dl_none, &filtered, &bytes, &length);
    qpdf_oh_release(source->qpdf, handle);
    forget_problems(source);
    if (bytes)
        buffer_append(data, bytes, length);
    free(bytes);
    return status & QPDF_ERRORS ? -1 : 0;
}

struct pdf_object pdf_source_resolve(struct pdf_source *source, const struct pdf_value *value,
                                     struct pdf_arena *arena)
{
    struct pdf_object object = {.value = {.type = PDF_NULL}};
    if (value && value->type == PDF_REFERENCE)
        object = pdf_source_load(source, value->reference, arena);
    else if (value)
        object.value = *value;
    if (object.value.type == PDF_REFERENCE) /* a reference to a reference: nobody makes that */
        object.value.type = PDF_NULL;
    return object;
}
