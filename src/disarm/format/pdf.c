/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rebuilding a PDF: catalogue, pages, everything that hangs on them, one fresh file. */
#include "disarm/format/pdf.h"

#include "disarm/format/pdf_copy.h"
#include "disarm/format/pdf_page.h"

/* The document information that keep_metadata keeps. */
static const char *const info_keys[] = {"Title",    "Author",       "Subject",
                                        "Keywords", "CreationDate", "ModDate"};

/* Writes the document information as an object; its number, or 0 when there is none to keep. */
static uint32_t write_info(struct pdf_copy *copy, const struct pdf_value *trailer)
{
    struct pdf_value info = pdf_copy_resolve(copy, pdf_value_get(trailer, "Info")).value;
    if (info.type != PDF_DICTIONARY || !info.count)
        return 0;
    job_record(copy->job, NULL, "pdf_metadata",
               copy->job->options->keep_metadata ? RECEIPT_REWRITTEN : RECEIPT_DROPPED,
               copy->job->options->keep_metadata ? NULL : "pdf_not_on_list", 0, 0);
    if (!copy->job->options->keep_metadata)
        return 0;
    AUTO_BUFFER body = {0};
    buffer_append_string(&body, "<<");
    for (size_t i = 0; i < sizeof info_keys / sizeof *info_keys; i++) {
        struct pdf_value value = pdf_copy_resolve(copy, pdf_value_get(&info, info_keys[i])).value;
        if (value.type != PDF_STRING)
            continue;
        pdf_write_name(&body, bytes_of_string(info_keys[i]));
        pdf_write_string(&body, value.text);
    }
    buffer_append_string(&body, ">>");
    uint32_t number = pdf_writer_reserve(&copy->writer);
    pdf_writer_put(&copy->writer, number, buffer_bytes(&body));
    return number;
}

static void write_catalog(struct pdf_copy *copy, uint32_t number, uint32_t pages,
                          const struct pdf_value *catalog)
{
    AUTO_BUFFER body = {0};
    pdf_arena_clear(&copy->arena);
    buffer_append_string(&body, "<</Pages");
    pdf_write_reference(&body, pages);
    pdf_copy_entries(copy, &pdf_kinds[pdf_kind_find("Catalog")], catalog, &body, 0);
    buffer_append_string(&body, "/Type/Catalog>>");
    pdf_writer_put(&copy->writer, number, buffer_bytes(&body));
}

/* Copies the whole document. */
static void copy_document(struct pdf_copy *copy)
{
    struct pdf_arena arena = {0};
    struct pdf_value trailer = pdf_source_trailer(copy->source, &arena);
    struct pdf_object catalog =
        pdf_source_resolve(copy->source, pdf_value_get(&trailer, "Root"), &arena);
    uint32_t root = pdf_writer_reserve(&copy->writer);
    struct pdf_pages *pages = pdf_pages_find(copy, &catalog.value, &trailer);
    if (pages) {
        uint32_t tree = pdf_pages_write(copy, pages);
        write_catalog(copy, root, tree, &catalog.value);
        pdf_copy_run(copy);
        uint32_t info = write_info(copy, &trailer);
        if (!copy->failed)
            pdf_writer_finish(&copy->writer, root, info);
    }
    pdf_pages_free(pages);
    pdf_arena_free(&arena);
}

int pdf_rebuild(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    struct pdf_source *source = pdf_source_open(in, job->options->password, error);
    if (!source)
        return -1;
    struct pdf_copy copy;
    struct pdf_seal seal = {0};
    AUTO_BUFFER file = {0};
    const struct disarm_options *options = job->options;
    pdf_copy_open(&copy, job, source, &file, in.length, error);
    bool close_again = options->treatment == DISARM_REBUILD && options->encrypt_again &&
                       options->password && pdf_source_is_encrypted(source);
    if (close_again && pdf_seal_open(&seal, options->password, error) != 0)
        copy.failed = true;
    copy.writer.seal = close_again ? &seal : NULL;
    if (!copy.failed)
        copy_document(&copy);
    pdf_copy_close(&copy);
    pdf_seal_close(&seal);
    pdf_source_close(source);
    if (copy.failed)
        return -1;
    buffer_append_bytes(out, buffer_bytes(&file));
    return 0;
}
