/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of a workbook as tab-separated lines: shown values, not formulas. */
#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/ooxml_text_internal.h"
#include "disarm/format/ooxml_xml.h"

enum {
    COLUMN_MAXIMUM = 16384, /* XFD */
    GAP_MAXIMUM = 64,       /* empty columns or rows written out before they are shortened */
};

struct strings {
    struct buffer text; /* one behind the other */
    size_t *ends;
    size_t count;
    size_t capacity;
};

struct sheet {
    struct buffer *out;
    struct strings strings;
    bool is_shared;   /* the value of the cell is an index into strings */
    bool in_value;    /* text belongs to the cell */
    bool in_phonetic; /* furigana of a string: not part of it */
    struct buffer value;
    unsigned column; /* of the next cell on this line */
    bool reading_strings;
};

static void end_string(struct strings *strings)
{
    if (strings->count == strings->capacity) {
        strings->capacity = strings->capacity ? 2 * strings->capacity : 256;
        strings->ends = memory_resize(strings->ends, strings->capacity, sizeof *strings->ends);
    }
    strings->ends[strings->count++] = strings->text.length;
}

static struct bytes find_string(const struct strings *strings, const char *index)
{
    char *end;
    unsigned long number = strtoul(index, &end, 10);
    if (end == index || number >= strings->count)
        return (struct bytes){0};
    size_t start = number ? strings->ends[number - 1] : 0;
    return bytes_slice(buffer_bytes(&strings->text), start, strings->ends[number] - start);
}

/* The column of a cell reference "BC12", counted from 0; UINT32_MAX when there is none. */
static unsigned column_of(const char *reference)
{
    unsigned column = 0;
    if (!reference || *reference < 'A' || *reference > 'Z')
        return UINT32_MAX;
    for (; *reference >= 'A' && *reference <= 'Z' && column < COLUMN_MAXIMUM; reference++)
        column = column * 26 + (unsigned)(*reference - 'A' + 1);
    return column - 1;
}

static void start_cell(struct sheet *sheet, const char **attributes)
{
    const char *type = ooxml_xml_attribute(attributes, "t");
    unsigned column = column_of(ooxml_xml_attribute(attributes, "r"));
    sheet->is_shared = type && !strcmp(type, "s");
    buffer_clear(&sheet->value);
    if (column == UINT32_MAX || column < sheet->column)
        column = sheet->column;
    unsigned gap = column - sheet->column;
    for (unsigned i = 0; i < (gap < GAP_MAXIMUM ? gap : GAP_MAXIMUM); i++)
        buffer_append_byte(sheet->out, '\t');
    sheet->column = column;
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct sheet *sheet = data;
    const char *local = ooxml_xml_local(name);
    if (!strcmp(local, "c"))
        start_cell(sheet, attributes);
    else if (!strcmp(local, "rPh"))
        sheet->in_phonetic = true;
    else if (!strcmp(local, "v") || !strcmp(local, "t"))
        sheet->in_value = !sheet->in_phonetic;
}

/* A cell's line ends and tabs would look like other cells. */
static void append_value(struct sheet *sheet)
{
    struct bytes value = buffer_bytes(&sheet->value);
    if (sheet->is_shared)
        value = find_string(&sheet->strings, buffer_string(&sheet->value));
    for (size_t i = 0; i < value.length; i++)
        buffer_append_byte(sheet->out, value.data[i] < ' ' ? ' ' : value.data[i]);
    buffer_append_byte(sheet->out, '\t');
    sheet->column++;
}

static void end_row(struct sheet *sheet)
{
    while (sheet->out->length && sheet->out->data[sheet->out->length - 1] == '\t')
        sheet->out->length--;
    buffer_append_byte(sheet->out, '\n');
    sheet->column = 0;
}

static void on_end(void *data, const char *name)
{
    struct sheet *sheet = data;
    const char *local = ooxml_xml_local(name);
    if (!strcmp(local, "v") || !strcmp(local, "t"))
        sheet->in_value = false;
    else if (!strcmp(local, "rPh"))
        sheet->in_phonetic = false;
    else if (!strcmp(local, "si") && sheet->reading_strings)
        end_string(&sheet->strings);
    else if (!strcmp(local, "c") && !sheet->reading_strings)
        append_value(sheet);
    else if (!strcmp(local, "row") && !sheet->reading_strings)
        end_row(sheet);
}

static void on_text(void *data, struct bytes text)
{
    struct sheet *sheet = data;
    if (sheet->in_value)
        buffer_append_bytes(sheet->reading_strings ? &sheet->strings.text : &sheet->value, text);
}

static int read_part(struct ooxml_package *package, struct ooxml_part *part, struct sheet *sheet,
                     struct error *error)
{
    static const struct ooxml_xml_handlers handlers = {
        .start = on_start, .end = on_end, .text = on_text};
    AUTO_BUFFER xml = {0};
    if (ooxml_part_load(package, part, &xml, error) ||
        ooxml_xml_read(buffer_bytes(&xml), &handlers, sheet, NULL, error))
        return -1;
    ooxml_part_record(package, part, part->kind->receipt_kind, RECEIPT_REWRITTEN, "text_only");
    return 0;
}

/* The sheets in the order of the workbook. */
struct book {
    struct ooxml_package *package;
    struct sheet *sheet;
    struct error *error;
    size_t number;
    bool failed;
};

static void on_sheet(void *data, const char *name, const char **attributes)
{
    struct book *book = data;
    if (book->failed || strcmp(ooxml_xml_local(name), "sheet") != 0)
        return;
    const char *shown = ooxml_xml_attribute(attributes, "name");
    const char *id = ooxml_xml_relationship_id(attributes);
    const struct ooxml_relationship *found =
        id ? ooxml_relationship_find(book->package->main, id) : NULL;
    if (!found || !ooxml_text_root_is(found, "worksheet"))
        return;
    buffer_append_format(book->sheet->out, "%s[%s]\n", book->number++ ? "\n" : "",
                         shown ? shown : "");
    book->failed = read_part(book->package, found->part, book->sheet, book->error) != 0;
}

static int read_book(struct book *book)
{
    static const struct ooxml_xml_handlers handlers = {.start = on_sheet};
    struct ooxml_package *package = book->package;
    struct ooxml_part *main_part = package->main;
    book->sheet->reading_strings = true;
    for (size_t i = 0; i < main_part->relationship_count; i++) {
        const struct ooxml_relationship *one = &main_part->relationships[i];
        if (ooxml_text_root_is(one, "sst") && !book->sheet->strings.count &&
            read_part(package, one->part, book->sheet, book->error))
            return -1;
    }
    book->sheet->reading_strings = false;
    AUTO_BUFFER xml = {0};
    if (ooxml_part_load(package, main_part, &xml, book->error) ||
        ooxml_xml_read(buffer_bytes(&xml), &handlers, book, &book->failed, book->error) ||
        book->failed)
        return -1;
    ooxml_part_record(package, main_part, "workbook", RECEIPT_REWRITTEN, "text_only");
    return 0;
}

int ooxml_text_workbook(struct ooxml_package *package, struct buffer *out, struct error *error)
{
    struct sheet sheet = {.out = out};
    struct book book = {.package = package, .sheet = &sheet, .error = error};
    int failed = read_book(&book);
    free(sheet.strings.ends);
    buffer_free(&sheet.strings.text);
    buffer_free(&sheet.value);
    return failed;
}
