/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of harmless fields, and the stack of open ones. */
#include "disarm/format/ooxml_field.h"

#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/ooxml_url.h"

struct ooxml_open_field {
    uint64_t ordinal;
    struct buffer code;
    size_t nested_at;
    bool in_code;
    bool bad;
};

enum { FIELD_NAME_MAXIMUM = 24, FIELD_DEPTH_MAXIMUM = 256 };

/* Sorted. Not here on purpose: ADDIN AUTOTEXT CONTROL DATABASE DDE DDEAUTO EMBED GLOSSARY
 * HTMLACTIVEX IMPORT INCLUDE INCLUDEPICTURE INCLUDETEXT LINK MACROBUTTON PRINT RD. */
static const char *const safe_fields[] = {
    "=",
    "ADDRESSBLOCK",
    "ADVANCE",
    "ASK",
    "AUTHOR",
    "AUTONUM",
    "AUTONUMLGL",
    "AUTONUMOUT",
    "BARCODE",
    "BIBLIOGRAPHY",
    "BIDIOUTLINE",
    "CITATION",
    "COMMENTS",
    "COMPARE",
    "CREATEDATE",
    "DATE",
    "DISPLAYBARCODE",
    "DOCPROPERTY",
    "DOCVARIABLE",
    "EDITTIME",
    "EQ",
    "FILENAME",
    "FILESIZE",
    "FILLIN",
    "FORMCHECKBOX",
    "FORMDROPDOWN",
    "FORMTEXT",
    "FORMULA",
    "GREETINGLINE",
    "HYPERLINK",
    "IF",
    "INDEX",
    "INFO",
    "KEYWORDS",
    "LASTSAVEDBY",
    "LISTNUM",
    "MERGEBARCODE",
    "MERGEFIELD",
    "MERGEREC",
    "MERGESEQ",
    "NEXT",
    "NEXTIF",
    "NOTEREF",
    "NUMCHARS",
    "NUMPAGES",
    "NUMWORDS",
    "PAGE",
    "PAGEREF",
    "PRINTDATE",
    "PRIVATE",
    "QUOTE",
    "REF",
    "REVNUM",
    "SAVEDATE",
    "SECTION",
    "SECTIONPAGES",
    "SEQ",
    "SET",
    "SHAPE",
    "SKIPIF",
    "STYLEREF",
    "SUBJECT",
    "SYMBOL",
    "TA",
    "TC",
    "TEMPLATE",
    "TIME",
    "TITLE",
    "TOA",
    "TOC",
    "USERADDRESS",
    "USERINITIALS",
    "USERNAME",
    "XE",
};

static int compare_name(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

static bool is_blank(uint8_t byte)
{
    return byte <= ' ';
}

/* The next argument of a field code: a quoted run, or up to a blank. */
static struct bytes take_argument(struct bytes code, size_t *at)
{
    while (*at < code.length && is_blank(code.data[*at]))
        ++*at;
    bool quoted = *at < code.length && code.data[*at] == '"';
    size_t start = *at + quoted;
    size_t end = start;
    while (end < code.length && !(quoted ? code.data[end] == '"' : is_blank(code.data[end])))
        end++;
    *at = end + (quoted && end < code.length);
    return bytes_slice(code, start, end - start);
}

/* HYPERLINK "address" \l "bookmark" \o "tip" \t "frame" \m \n \h (17.16.5.25) */
static bool link_safe(struct bytes code, size_t at)
{
    while (at < code.length) {
        size_t before = at;
        while (before < code.length && is_blank(code.data[before]))
            before++;
        if (before == code.length)
            break;
        bool quoted = code.data[before] == '"';
        struct bytes argument = take_argument(code, &at);
        if (!quoted && argument.length == 2 && argument.data[0] == '\\') {
            if (strchr("lotsLOTS", argument.data[1]))
                take_argument(code, &at);
            continue;
        }
        if (argument.length && argument.data[0] != '#' && !ooxml_url_safe(argument))
            return false;
    }
    return true;
}

bool ooxml_field_safe(struct bytes code, size_t nested_at)
{
    size_t at = 0, length = 0;
    while (at < code.length && is_blank(code.data[at]))
        at++;
    char name[FIELD_NAME_MAXIMUM + 1] = "";
    if (at < code.length && code.data[at] == '=') {
        name[0] = '=';
        at++;
    } else {
        for (; at < code.length && !is_blank(code.data[at]) && !strchr("\\\"", code.data[at]);
             at++) {
            uint8_t byte = code.data[at];
            if (length == FIELD_NAME_MAXIMUM)
                return false;
            name[length++] = (char)(byte >= 'a' && byte <= 'z' ? byte - 0x20 : byte);
        }
        name[length] = '\0';
    }
    if (nested_at != SIZE_MAX && nested_at <= at)
        return false; /* another field would write part of the name */
    if (!*name)
        return at == code.length;
    if (!bsearch(name, safe_fields, sizeof safe_fields / sizeof *safe_fields, sizeof *safe_fields,
                 compare_name))
        return false;
    if (!strcmp(name, "HYPERLINK"))
        return nested_at == SIZE_MAX && link_safe(code, at);
    return true;
}

static bool is_bad(const struct ooxml_field_tracker *tracker, uint64_t ordinal)
{
    size_t low = 0, high = tracker->bad_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tracker->bad[middle] == ordinal)
            return true;
        if (tracker->bad[middle] < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Fields end inner first, so their ordinals do not come in order: insert in place. */
static void add_bad(struct ooxml_field_tracker *tracker, uint64_t ordinal)
{
    if (is_bad(tracker, ordinal))
        return;
    if (tracker->bad_count == tracker->bad_capacity) {
        tracker->bad_capacity = tracker->bad_capacity ? 2 * tracker->bad_capacity : 16;
        tracker->bad = memory_resize(tracker->bad, tracker->bad_capacity, sizeof *tracker->bad);
    }
    size_t at = tracker->bad_count++;
    for (; at > 0 && tracker->bad[at - 1] > ordinal; at--)
        tracker->bad[at] = tracker->bad[at - 1];
    tracker->bad[at] = ordinal;
}

static struct ooxml_open_field *innermost(const struct ooxml_field_tracker *tracker)
{
    return tracker->open_count ? &tracker->open[tracker->open_count - 1] : NULL;
}

static enum ooxml_field_verdict begin(struct ooxml_field_tracker *tracker)
{
    struct ooxml_open_field *outer = innermost(tracker);
    if (outer && outer->in_code && outer->nested_at == SIZE_MAX)
        outer->nested_at = outer->code.length;
    bool inside_bad = ooxml_field_hidden(tracker);
    if (tracker->open_count == tracker->open_capacity) {
        tracker->open_capacity = tracker->open_capacity ? 2 * tracker->open_capacity : 8;
        tracker->open = memory_resize(tracker->open, tracker->open_capacity, sizeof *tracker->open);
    }
    struct ooxml_open_field *field = &tracker->open[tracker->open_count++];
    *field = (struct ooxml_open_field){
        .ordinal = tracker->next++, .nested_at = SIZE_MAX, .in_code = true};
    field->bad = is_bad(tracker, field->ordinal) || tracker->open_count > FIELD_DEPTH_MAXIMUM;
    if (field->bad)
        tracker->hidden++;
    return field->bad || inside_bad ? OOXML_FIELD_DROP : OOXML_FIELD_KEEP;
}

/* The code of the innermost field is complete: judge it. */
static void end_code(struct ooxml_field_tracker *tracker, struct ooxml_open_field *field)
{
    if (!field->in_code)
        return;
    field->in_code = false;
    if (field->bad)
        tracker->hidden--;
    else if (!ooxml_field_safe(buffer_bytes(&field->code), field->nested_at))
        add_bad(tracker, field->ordinal);
}

static enum ooxml_field_verdict end(struct ooxml_field_tracker *tracker)
{
    struct ooxml_open_field *field = innermost(tracker);
    if (!field)
        return OOXML_FIELD_DROP;
    end_code(tracker, field);
    bool bad = field->bad;
    buffer_free(&field->code);
    tracker->open_count--;
    return bad || ooxml_field_hidden(tracker) ? OOXML_FIELD_DROP : OOXML_FIELD_KEEP;
}

enum ooxml_field_verdict ooxml_field_char(struct ooxml_field_tracker *tracker, const char *type)
{
    if (!strcmp(type, "begin"))
        return begin(tracker);
    if (!strcmp(type, "end"))
        return end(tracker);
    struct ooxml_open_field *field = innermost(tracker);
    if (strcmp(type, "separate") != 0 || !field)
        return OOXML_FIELD_DROP;
    end_code(tracker, field);
    return field->bad || ooxml_field_hidden(tracker) ? OOXML_FIELD_DROP : OOXML_FIELD_KEEP;
}

void ooxml_field_code(struct ooxml_field_tracker *tracker, struct bytes text)
{
    struct ooxml_open_field *field = innermost(tracker);
    if (field && field->in_code)
        buffer_append_bytes(&field->code, text);
}

bool ooxml_field_code_dropped(const struct ooxml_field_tracker *tracker)
{
    const struct ooxml_open_field *field = innermost(tracker);
    return !field || !field->in_code || ooxml_field_hidden(tracker);
}

void ooxml_field_finish(struct ooxml_field_tracker *tracker)
{
    while (tracker->open_count) {
        /* A field that does not end in its part is not one that Word would show. */
        add_bad(tracker, innermost(tracker)->ordinal);
        end(tracker);
    }
    tracker->next = 0;
    tracker->hidden = 0;
}

void ooxml_field_free(struct ooxml_field_tracker *tracker)
{
    for (size_t i = 0; i < tracker->open_count; i++)
        buffer_free(&tracker->open[i].code);
    free(tracker->open);
    free(tracker->bad);
    *tracker = (struct ooxml_field_tracker){0};
}
