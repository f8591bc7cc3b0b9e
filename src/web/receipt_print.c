/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on the sheet of a receipt. */
#include "web/receipt_print.h"

#include "disarm/print.h"

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void put_number(struct buffer *out, const json_t *object, const char *name)
{
    buffer_append_format(out, "%lld", (long long)json_integer_value(json_object_get(object, name)));
}

struct sheet {
    struct buffer *out;
    enum language language;
};

static const char *word(const struct sheet *sheet, const char *key)
{
    return message_get(sheet->language, key);
}

/* A fact whose value stands in the model as text, or as a key of the catalogue. */
static void put_fact(const struct sheet *sheet, const char *name, const char *value)
{
    if (*value)
        print_fact(sheet->out, word(sheet, name), value);
}

static void put_transfer(const struct sheet *sheet, const json_t *shown)
{
    AUTO_BUFFER path = {0};
    buffer_append_format(&path, "%s → %s", text_of(shown, "source_name"),
                         text_of(shown, "destination_name"));
    put_fact(sheet, "page.field_purpose", text_of(shown, "purpose"));
    put_fact(sheet, "page.field_sender", text_of(shown, "sender"));
    put_fact(sheet, "page.field_path", buffer_string(&path));
    put_fact(sheet, "page.field_classification", text_of(shown, "label_text"));
    put_fact(sheet, "page.field_sent_at", text_of(shown, "created"));
}

static void put_file(const struct sheet *sheet, const char *heading, const json_t *file)
{
    if (!file)
        return;
    print_heading(sheet->out, word(sheet, heading));
    put_fact(sheet, "page.field_file_name", text_of(file, "name"));
    put_fact(sheet, "transfer.field_kind", text_of(file, "type"));
    put_fact(sheet, "page.field_size", text_of(file, "size"));
    put_fact(sheet, "transfer.field_sha256", text_of(file, "sha256"));
}

static void put_groups(const struct sheet *sheet, const json_t *receipt)
{
    static const unsigned shares[] = {3, 2, 1, 5};
    const char *titles[] = {
        word(sheet, "transfer.column_object"), word(sheet, "transfer.column_fate"),
        word(sheet, "transfer.column_count"), word(sheet, "transfer.column_reason")};
    const json_t *group;
    size_t i;
    print_heading(sheet->out, word(sheet, "transfer.objects"));
    print_table(sheet->out, titles, shares, 4);
    json_array_foreach(json_object_get(receipt, "groups"), i, group)
    {
        AUTO_BUFFER count = {0};
        put_number(&count, group, "count");
        const char *cells[] = {word(sheet, text_of(group, "kind")),
                               word(sheet, text_of(group, "action")), buffer_string(&count),
                               text_of(group, "reason")};
        print_row(sheet->out, cells, 4);
    }
}

static void put_proof(const struct sheet *sheet, const json_t *file)
{
    const json_t *proof = json_object_get(file, "proof");
    AUTO_BUFFER entry = {0}, size = {0};
    print_heading(sheet->out, word(sheet, "transfer.proof"));
    put_fact(sheet, "transfer.receipt_digest", text_of(file, "digest"));
    if (!json_is_true(json_object_get(proof, "sealed"))) {
        print_paragraph(sheet->out, word(sheet, "transfer.proof_waits"));
        return;
    }
    put_number(&entry, proof, "entry");
    put_number(&size, proof, "size");
    put_fact(sheet, "transfer.proof_log", text_of(proof, "log"));
    put_fact(sheet, "transfer.proof_entry", buffer_string(&entry));
    put_fact(sheet, "transfer.proof_size", buffer_string(&size));
    put_fact(sheet, "transfer.proof_root", text_of(proof, "root"));
    print_paragraph(sheet->out, word(sheet, "transfer.proof_how"));
    print_paragraph(sheet->out, text_of(proof, "command"));
}

/* One file: what it was, what became of it, and how that can be proved. */
static void put_receipt(const struct sheet *sheet, const json_t *file)
{
    const json_t *receipt = json_object_get(file, "receipt");
    put_fact(sheet, "transfer.field_treatment", word(sheet, text_of(receipt, "treatment")));
    put_fact(sheet, "transfer.field_verdict", word(sheet, text_of(receipt, "verdict")));
    put_fact(sheet, "page.field_reason", text_of(receipt, "why"));
    put_file(sheet, "transfer.file_before", receipt);
    put_file(sheet, "transfer.file_after", json_object_get(receipt, "output"));
    put_groups(sheet, receipt);
    put_proof(sheet, file);
}

/* All files on few lines, before each of them. */
static void put_summary(const struct sheet *sheet, const json_t *files)
{
    static const unsigned shares[] = {2, 7, 4, 3, 4, 3};
    const char *titles[] = {
        word(sheet, "transfer.column_number"), word(sheet, "page.field_file_name"),
        word(sheet, "transfer.field_verdict"), word(sheet, "action.kept"),
        word(sheet, "action.rewritten"),       word(sheet, "action.dropped")};
    const json_t *file;
    size_t i;
    print_heading(sheet->out, word(sheet, "page.field_files"));
    print_table(sheet->out, titles, shares, 6);
    json_array_foreach(files, i, file)
    {
        const json_t *receipt = json_object_get(file, "receipt");
        AUTO_BUFFER number = {0}, kept = {0}, rewritten = {0}, dropped = {0};
        put_number(&number, file, "number");
        if (receipt) {
            put_number(&kept, receipt, "kept");
            put_number(&rewritten, receipt, "rewritten");
            put_number(&dropped, receipt, "dropped");
        }
        const char *cells[] = {
            buffer_string(&number),
            text_of(file, "name"),
            word(sheet, receipt ? text_of(receipt, "verdict") : text_of(file, "state")),
            buffer_string(&kept),
            buffer_string(&rewritten),
            buffer_string(&dropped)};
        print_row(sheet->out, cells, 6);
    }
}

static void put_all(const struct sheet *sheet, const json_t *files)
{
    const json_t *file;
    size_t i;
    put_summary(sheet, files);
    json_array_foreach(files, i, file)
    {
        AUTO_BUFFER title = {0};
        put_number(&title, file, "number");
        buffer_append_format(&title, ". %s", text_of(file, "name"));
        if (json_object_get(file, "receipt")) {
            print_heading(sheet->out, buffer_string(&title));
            put_receipt(sheet, file);
        }
    }
}

void receipt_print(struct buffer *out, enum language language, const json_t *model)
{
    const struct sheet sheet = {out, language};
    const json_t *shown = json_object_get(model, "shown");
    const json_t *files = json_object_get(shown, "files");
    bool whole = json_is_true(json_object_get(shown, "whole"));
    AUTO_BUFFER foot = {0};
    buffer_append_format(&foot, "%s  %s", text_of(model, "organization"), text_of(model, "made"));
    print_begin(out, word(&sheet, whole ? "transfer.receipts" : "transfer.receipt"),
                buffer_string(&foot));
    put_transfer(&sheet, shown);
    if (whole)
        put_all(&sheet, files);
    else
        put_receipt(&sheet, json_array_get(files, 0));
}
