/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements, attributes, field codes and formulas of one part. */
#include "disarm/verify/ooxml_content.h"

#include <stdlib.h>

#include "base/memory.h"
#include "disarm/verify/markup.h"

enum { NAME_ROOM = 96, FIELD_DEPTH_LIMIT = 256 };

struct field {
    struct buffer code;
    bool in_code;
};

struct check {
    const struct content_context *context;
    struct markup markup;
    struct buffer text; /* of the formula at hand */
    struct field *fields;
    size_t field_count, field_room;
    bool in_code_text;
    bool in_formula;
    bool spreadsheet; /* names without prefix are SpreadsheetML */
    struct bytes *prefixes;
    size_t prefix_count, prefix_room;
    struct error *error;
};

static int refuse(struct check *check, const char *what, struct bytes which)
{
    return error_set(check->error, "verify_ooxml", check->context->part, "%s: %.*s", what,
                     (int)(which.length > 80 ? 80 : which.length),
                     which.data ? (const char *)which.data : "");
}

/* The name with "x:" in front where SpreadsheetML is the default. */
static const char *full_name(const struct check *check, struct bytes name, char room[NAME_ROOM])
{
    bool bare = !memchr(name.data, ':', name.length);
    size_t offset = bare && check->spreadsheet ? 2 : 0;
    memcpy(room, "x:", 2);
    if (name.length + offset >= NAME_ROOM)
        return NULL;
    memcpy(room + offset, name.data, name.length);
    room[name.length + offset] = '\0';
    return room;
}

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && !strcmp(text + a - b, end);
}

static bool holds_formula(const char *name)
{
    static const char *const names[] = {
        "x:f",
        "x:definedName",
        "x:formula",
        "x:formula1",
        "x:formula2",
        "x:oldFormula",
        "x:calculatedColumnFormula",
        "x:totalsRowFormula",
        "xne:f",
        "c:f",
        "c15:f",
        "cx:f",
        "xvml:FmlaLink",
        "xvml:FmlaRange",
        "xvml:FmlaGroup",
        "xvml:FmlaTxbx",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(name, names[i]))
            return true;
    }
    return false;
}

static bool in_capitals(struct bytes word, char room[NAME_ROOM])
{
    if (word.length >= NAME_ROOM)
        return false;
    for (size_t i = 0; i < word.length; i++) {
        uint8_t c = word.data[i];
        room[i] = (char)(c >= 'a' && c <= 'z' ? c - 0x20 : c);
    }
    room[word.length] = '\0';
    return true;
}

static bool contains_fold(struct bytes text, const char *needle)
{
    size_t length = strlen(needle);
    for (size_t i = 0; i + length <= text.length; i++) {
        size_t same = 0;
        while (same < length && (text.data[i + same] | 0x20) == (uint8_t)needle[same])
            same++;
        if (same == length)
            return true;
    }
    return false;
}

/* The web, a mail address, or a place in the document itself. */
static bool link_stays(struct bytes target)
{
    char start[9] = "";
    for (size_t i = 0; i < 8 && i < target.length; i++) {
        uint8_t c = target.data[i];
        start[i] = (char)(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
    }
    return !target.length || *start == '#' || !strncmp(start, "http://", 7) ||
           !strcmp(start, "https://") || !strncmp(start, "mailto:", 7);
}

/* The words behind HYPERLINK in a field: what is no switch and no value of one is the target. */
static bool field_link_stays(struct bytes code)
{
    bool value = false; /* of a switch comes next */
    for (size_t at = 0; at < code.length;) {
        if (code.data[at] <= ' ') {
            at++;
            continue;
        }
        bool quoted = code.data[at] == '"';
        size_t start = at + quoted;
        for (at = start; at < code.length && (quoted ? code.data[at] != '"' : code.data[at] > ' ');)
            at++;
        struct bytes word = bytes_slice(code, start, at - start);
        at += quoted;
        if (!quoted && word.length == 2 && word.data[0] == '\\')
            value = strchr("lotsLOTS", word.data[1]) != NULL;
        else if (value)
            value = false;
        else if (!link_stays(word))
            return false;
    }
    return true;
}

static bool field_stays(struct bytes code)
{
    size_t start = 0;
    while (start < code.length && (code.data[start] <= ' ' || code.data[start] == '"'))
        start++;
    size_t end = start;
    while (end < code.length && code.data[end] > ' ' && !strchr("\\\"", code.data[end]))
        end++;
    char word[NAME_ROOM];
    if (!in_capitals(bytes_slice(code, start, end - start), word) ||
        ooxml_list_field_forbidden(word))
        return false;
    return strcmp(word, "HYPERLINK") != 0 || field_link_stays(bytes_slice(code, end, code.length));
}

static bool is_word(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           c == '.' || c >= 0x80;
}

/* The first argument of HYPERLINK is a literal that says where it leads. */
static bool argument_stays(struct bytes formula, size_t at)
{
    while (at < formula.length && formula.data[at] == ' ')
        at++;
    return at + 1 < formula.length && formula.data[at] == '"' && formula.data[at + 1] != '"' &&
           link_stays(bytes_slice(formula, at + 1, formula.length));
}

/* The function whose name stands before the parenthesis. */
static bool call_stays(struct bytes formula, size_t parenthesis)
{
    size_t end = parenthesis;
    while (end && memchr(" \t\r\n", formula.data[end - 1], 4))
        end--;
    size_t start = end;
    while (start && is_word(formula.data[start - 1]))
        start--;
    struct bytes word = bytes_slice(formula, start, end - start);
    char name[NAME_ROOM];
    if (!word.length)
        return true;
    if (!in_capitals(word, name))
        return false;
    const char *plain =
        !strncmp(name, "_XLFN.", 6) || !strncmp(name, "_XLWS.", 6) ? name + 6 : name;
    bool addin = !strncmp(name, "_XLL.", 5) || !strncmp(name, "_XLUDF.", 7);
    bool other_book = start && formula.data[start - 1] == '!';
    if (!strcmp(plain, "HYPERLINK") && !argument_stays(formula, parenthesis + 1))
        return false;
    return !addin && !other_book && !ooxml_list_function_forbidden(plain);
}

/* The byte behind a quoted run that starts at `at`. */
static size_t skip_quoted(struct bytes formula, size_t at)
{
    uint8_t quote = formula.data[at++];
    while (at < formula.length) {
        if (formula.data[at++] != quote)
            continue;
        if (at < formula.length && formula.data[at] == quote)
            at++;
        else
            return at;
    }
    return SIZE_MAX;
}

/* 'Sheet name': a pipe may stand in it only when the workbook has such a sheet. */
static bool sheet_name_stays(struct bytes name, struct bytes workbook)
{
    for (size_t i = 0; i < name.length; i++) {
        if (strchr("\\/?*", name.data[i]) ||
            (name.data[i] == '[' && !bytes_start_with(bytes_slice(name, i, 3), "[0]")))
            return false;
    }
    if (!memchr(name.data, '|', name.length))
        return true;
    AUTO_BUFFER needle = {0};
    buffer_append_format(&needle, "name=\"%.*s\"", (int)name.length, (const char *)name.data);
    return bytes_find(workbook, 0, buffer_string(&needle)) != SIZE_MAX;
}

/* The byte behind the bracket that closes the one at `at`; a quote hides the next byte inside. */
static size_t skip_brackets(struct bytes formula, size_t at)
{
    size_t open = 0;
    for (; at < formula.length; at++) {
        uint8_t c = formula.data[at];
        if (c == '\'')
            at++;
        else if (c == '[')
            open++;
        else if (c == ']' && --open == 0)
            return at + 1;
    }
    return SIZE_MAX;
}

/* [1]Sheet!A1 and [Book.xlsx]Sheet!A1: a bracket with no name before and a reference behind. */
static bool bracket_stays(struct bytes formula, size_t at, size_t end)
{
    bool after_name = at && (is_word(formula.data[at - 1]) || strchr("$?", formula.data[at - 1]));
    if (after_name || end >= formula.length || bytes_start_with(bytes_slice(formula, at, 3), "[0]"))
        return true;
    uint8_t behind = formula.data[end];
    return !(behind == '!' || behind == '\'' || is_word(behind));
}

bool content_formula_stays(struct bytes formula, struct bytes workbook)
{
    for (size_t at = 0; at < formula.length;) {
        uint8_t c = formula.data[at];
        if (c == '"' || c == '\'') {
            size_t end = skip_quoted(formula, at);
            if (end == SIZE_MAX)
                return false;
            if (c == '\'' &&
                !sheet_name_stays(bytes_slice(formula, at + 1, end - at - 2), workbook))
                return false;
            at = end;
            continue;
        }
        if (c == '[') {
            size_t end = skip_brackets(formula, at);
            if (end == SIZE_MAX || !bracket_stays(formula, at, end))
                return false;
            at = end;
            continue;
        }
        if (c == '|' || c == '\\' || (c == '(' && !call_stays(formula, at)))
            return false;
        at++;
    }
    return true;
}

static void add_prefix(struct check *check, struct bytes prefix)
{
    if (check->prefix_count == check->prefix_room) {
        check->prefix_room = check->prefix_room ? 2 * check->prefix_room : 32;
        check->prefixes =
            memory_resize(check->prefixes, check->prefix_room, sizeof *check->prefixes);
    }
    check->prefixes[check->prefix_count++] = prefix;
}

/* Namespaces are declared on the root only, each by its own prefix. */
static int check_root(struct check *check)
{
    struct markup *markup = &check->markup;
    for (size_t i = 0; i < markup->attribute_count; i++) {
        struct bytes name = markup->attributes[i].name;
        struct bytes prefix = {0};
        if (bytes_start_with(name, "xmlns:"))
            prefix = bytes_slice(name, 6, name.length);
        else if (!bytes_equal_string(name, "xmlns"))
            continue;
        if (!ooxml_list_namespace_allowed(prefix, markup->attributes[i].value))
            return refuse(check, "namespace", markup->attributes[i].value);
        check->spreadsheet |= prefix.length == 0;
        if (prefix.length)
            add_prefix(check, prefix);
    }
    char room[NAME_ROOM];
    const char *name = full_name(check, markup->name, room);
    if (!name || strcmp(name, check->context->root) != 0)
        return refuse(check, "root", markup->name);
    return 0;
}

static bool prefix_declared(const struct check *check, struct bytes name)
{
    const uint8_t *colon = memchr(name.data, ':', name.length);
    if (!colon)
        return true;
    struct bytes prefix = {name.data, (size_t)(colon - name.data)};
    if (bytes_equal_string(prefix, "xml"))
        return true;
    for (size_t i = 0; i < check->prefix_count; i++) {
        if (bytes_equal(check->prefixes[i], prefix))
            return true;
    }
    return false;
}

int content_compare_ids(const void *a, const void *b)
{
    const struct bytes *left = a, *right = b;
    if (left->length != right->length)
        return left->length < right->length ? -1 : 1;
    return memcmp(left->data, right->data, left->length);
}

static bool id_known(const struct check *check, struct bytes value)
{
    const struct content_context *context = check->context;
    return value.length == 0 ||
           (context->id_count &&
            bsearch(&value, context->ids, context->id_count, sizeof value, content_compare_ids));
}

static int check_value(struct check *check, const struct markup_attribute *attribute)
{
    struct bytes name = attribute->name;
    AUTO_BUFFER value = {0};
    if (bytes_start_with(name, "r:") || bytes_equal_string(name, "o:relid"))
        return id_known(check, attribute->value) ? 0
                                                 : refuse(check, "relationship", attribute->value);
    bool formula = bytes_equal_string(name, "textlink") || bytes_start_with(name, "fmla") ||
                   bytes_equal_string(name, "linkedCell") ||
                   bytes_equal_string(name, "listFillRange");
    bool field = bytes_equal_string(name, "w:instr");
    bool action =
        bytes_equal_string(name, "action") && bytes_start_with(attribute->value, "ppaction:");
    bool link = bytes_equal_string(name, "href");
    if (!formula && !field && !action && !link)
        return bytes_equal_string(name, "macro") || bytes_equal_string(name, "fmlaMacro")
                   ? refuse(check, "attribute", name)
                   : 0;
    markup_decode(&value, attribute->value);
    struct bytes text = buffer_bytes(&value);
    if ((formula && !content_formula_stays(text, check->context->workbook)) ||
        (field && !field_stays(text)) ||
        (action && (contains_fold(text, "macro") || contains_fold(text, "program") ||
                    contains_fold(text, "file") || contains_fold(text, "ole") ||
                    contains_fold(text, "media") || contains_fold(text, "pres"))) ||
        (link && !link_stays(text)))
        return refuse(check, "attribute", text);
    return 0;
}

static int start_field(struct check *check)
{
    struct bytes type = markup_attribute(&check->markup, "w:fldCharType");
    if (bytes_equal_string(type, "begin")) {
        if (check->field_count >= FIELD_DEPTH_LIMIT)
            return refuse(check, "field", type);
        if (check->field_count == check->field_room) {
            check->field_room = check->field_room ? 2 * check->field_room : 8;
            check->fields = memory_resize(check->fields, check->field_room, sizeof *check->fields);
        }
        check->fields[check->field_count++] = (struct field){.in_code = true};
        return 0;
    }
    if (!check->field_count)
        return refuse(check, "field", type);
    struct field *field = &check->fields[check->field_count - 1];
    bool stays = !field->in_code || field_stays(buffer_bytes(&field->code));
    field->in_code = false;
    if (bytes_equal_string(type, "end")) {
        buffer_free(&field->code);
        check->field_count--;
    }
    return stays ? 0 : refuse(check, "field", type);
}

static int check_start(struct check *check)
{
    struct markup *markup = &check->markup;
    bool root = markup->depth == 1;
    if (root && check_root(check))
        return -1;
    char room[NAME_ROOM];
    const char *name = full_name(check, markup->name, room);
    if (!name || !prefix_declared(check, markup->name) || ooxml_list_element_forbidden(name))
        return refuse(check, "element", markup->name);
    for (size_t i = 0; i < markup->attribute_count; i++) {
        struct bytes attribute = markup->attributes[i].name;
        if (bytes_start_with(attribute, "xmlns")) {
            if (!root)
                return refuse(check, "attribute", attribute);
            continue;
        }
        if (!prefix_declared(check, attribute))
            return refuse(check, "attribute", attribute);
        if (check_value(check, &markup->attributes[i]))
            return -1;
    }
    check->in_code_text = ends_with(name, ":instrText") || ends_with(name, ":delInstrText");
    check->in_formula = holds_formula(name);
    buffer_clear(&check->text);
    return strcmp(name, "w:fldChar") ? 0 : start_field(check);
}

static int check_text(struct check *check)
{
    if (check->in_formula)
        markup_decode(&check->text, check->markup.text);
    if (!check->in_code_text)
        return 0;
    if (!check->field_count || !check->fields[check->field_count - 1].in_code)
        return refuse(check, "field code", check->markup.text);
    markup_decode(&check->fields[check->field_count - 1].code, check->markup.text);
    return 0;
}

static int check_end(struct check *check)
{
    bool stays = !check->in_formula ||
                 content_formula_stays(buffer_bytes(&check->text), check->context->workbook);
    check->in_formula = check->in_code_text = false;
    return stays ? 0 : refuse(check, "formula", buffer_bytes(&check->text));
}

static int check_events(struct check *check)
{
    for (;;) {
        int failed = 0;
        switch (markup_next(&check->markup)) {
        case MARKUP_START:
            failed = check_start(check);
            break;
        case MARKUP_TEXT:
            failed = check_text(check);
            break;
        case MARKUP_END:
            failed = check_end(check);
            break;
        case MARKUP_DONE:
            return check->field_count ? refuse(check, "field", (struct bytes){0}) : 0;
        case MARKUP_BAD:
            return refuse(check, "XML", bytes_slice(check->markup.xml, 0, 0));
        }
        if (failed)
            return -1;
    }
}

int content_check(const struct content_context *context, struct bytes xml, struct error *error)
{
    struct check check = {.context = context, .error = error};
    bool vml = !strcmp(context->root, "xml");
    int failed = markup_open(&check.markup, xml, !vml) ? check_events(&check)
                                                       : refuse(&check, "XML declaration", xml);
    markup_close(&check.markup);
    for (size_t i = 0; i < check.field_count; i++)
        buffer_free(&check.fields[i].code);
    free(check.fields);
    free(check.prefixes);
    buffer_free(&check.text);
    return failed;
}
