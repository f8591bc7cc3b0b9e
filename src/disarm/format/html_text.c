/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tolerant tokenizer in the spirit of the HTML standard, and the layout of its text in lines. */
#include "disarm/format/html_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cursor.h"
#include "base/utf8.h"

enum {
    TAG_NAME_BYTES = 16,
    LINK_BYTES = 2000,
    LINES_TOGETHER = 3, /* more line ends in a row show nothing */
};

/* What an element means for the text. */
enum element_kind {
    ELEMENT_INLINE,
    ELEMENT_HIDDEN, /* its content is no text of the page */
    ELEMENT_BREAK,  /* ends a line */
    ELEMENT_BLOCK,  /* stands on lines of its own */
    ELEMENT_PARAGRAPH,
    ELEMENT_CELL,
    ELEMENT_ITEM,
    ELEMENT_PREFORMATTED,
    ELEMENT_LINK,
    ELEMENT_PICTURE,
};

static const struct element {
    const char *name;
    enum element_kind kind;
} elements[] = {
    {"a", ELEMENT_LINK},          {"address", ELEMENT_BLOCK},
    {"article", ELEMENT_BLOCK},   {"blockquote", ELEMENT_PARAGRAPH},
    {"br", ELEMENT_BREAK},        {"center", ELEMENT_BLOCK},
    {"dd", ELEMENT_BLOCK},        {"div", ELEMENT_BLOCK},
    {"dl", ELEMENT_BLOCK},        {"dt", ELEMENT_BLOCK},
    {"fieldset", ELEMENT_BLOCK},  {"footer", ELEMENT_BLOCK},
    {"form", ELEMENT_BLOCK},      {"h1", ELEMENT_PARAGRAPH},
    {"h2", ELEMENT_PARAGRAPH},    {"h3", ELEMENT_PARAGRAPH},
    {"h4", ELEMENT_PARAGRAPH},    {"h5", ELEMENT_PARAGRAPH},
    {"h6", ELEMENT_PARAGRAPH},    {"head", ELEMENT_HIDDEN},
    {"header", ELEMENT_BLOCK},    {"hr", ELEMENT_BLOCK},
    {"iframe", ELEMENT_HIDDEN},   {"img", ELEMENT_PICTURE},
    {"li", ELEMENT_ITEM},         {"main", ELEMENT_BLOCK},
    {"object", ELEMENT_HIDDEN},   {"ol", ELEMENT_BLOCK},
    {"p", ELEMENT_PARAGRAPH},     {"pre", ELEMENT_PREFORMATTED},
    {"script", ELEMENT_HIDDEN},   {"section", ELEMENT_BLOCK},
    {"select", ELEMENT_HIDDEN},   {"style", ELEMENT_HIDDEN},
    {"svg", ELEMENT_HIDDEN},      {"table", ELEMENT_BLOCK},
    {"td", ELEMENT_CELL},         {"template", ELEMENT_HIDDEN},
    {"textarea", ELEMENT_HIDDEN}, {"th", ELEMENT_CELL},
    {"title", ELEMENT_HIDDEN},    {"tr", ELEMENT_BLOCK},
    {"ul", ELEMENT_BLOCK},        {"xml", ELEMENT_HIDDEN},
};

static enum element_kind kind_of(const char *name)
{
    size_t low = 0, high = sizeof elements / sizeof *elements;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, elements[middle].name);
        if (order == 0)
            return elements[middle].kind;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return ELEMENT_INLINE;
}

/* Named characters that mails use; the rest of the standard's list stays as it is written. */
static const struct {
    const char *name;
    uint32_t point;
} characters[] = {
    {"amp", '&'},       {"apos", '\''},   {"bull", 0x2022},  {"copy", 0xA9},    {"deg", 0xB0},
    {"divide", 0xF7},   {"emsp", 0x2003}, {"ensp", 0x2002},  {"euro", 0x20AC},  {"gt", '>'},
    {"hellip", 0x2026}, {"laquo", 0xAB},  {"ldquo", 0x201C}, {"lsquo", 0x2018}, {"lt", '<'},
    {"mdash", 0x2014},  {"middot", 0xB7}, {"minus", 0x2212}, {"nbsp", ' '},     {"ndash", 0x2013},
    {"para", 0xB6},     {"plusmn", 0xB1}, {"quot", '"'},     {"raquo", 0xBB},   {"rarr", 0x2192},
    {"rdquo", 0x201D},  {"reg", 0xAE},    {"rsquo", 0x2019}, {"sect", 0xA7},    {"times", 0xD7},
    {"trade", 0x2122},  {"yen", 0xA5},
};

/* A tag with what we ask of its attributes. */
struct tag {
    char name[TAG_NAME_BYTES];
    bool closing;
    struct buffer link;        /* href */
    struct buffer alternative; /* alt */
};

/* The text that grows, with the white space that waits before the next character. */
struct layout {
    struct buffer *out;
    size_t start;
    unsigned lines_waiting; /* line ends owed before the next character */
    bool blank_waiting;
    bool preformatted;
    struct buffer link; /* of the open a element */
    size_t link_start;  /* where its text begins in out */
};

static void flush_space(struct layout *layout)
{
    bool empty = layout->out->length == layout->start;
    for (unsigned i = 0; i < layout->lines_waiting && i < LINES_TOGETHER && !empty; i++)
        buffer_append_byte(layout->out, '\n');
    if (layout->blank_waiting && !layout->lines_waiting && !empty)
        buffer_append_byte(layout->out, ' ');
    layout->lines_waiting = 0;
    layout->blank_waiting = false;
}

static void want_lines(struct layout *layout, unsigned lines)
{
    if (layout->lines_waiting < lines)
        layout->lines_waiting = lines;
}

static void append_point(struct layout *layout, uint32_t point)
{
    bool space = point == ' ' || point == '\t' || point == '\n' || point == '\r' || point == '\f';
    if (space && !layout->preformatted) {
        layout->blank_waiting = true;
        return;
    }
    if (space && point == '\n') {
        layout->lines_waiting++;
        return;
    }
    flush_space(layout);
    utf8_append(layout->out, point);
}

/* Takes a character reference behind '&'; 0 when it is none, and nothing is taken then. */
static uint32_t take_reference(struct cursor *cursor)
{
    struct bytes rest = bytes_slice(cursor->bytes, cursor->position, 12);
    if (rest.length >= 2 && rest.data[0] == '#') {
        bool hexadecimal = (rest.data[1] | 0x20) == 'x';
        char digits[12] = "";
        size_t at = hexadecimal ? 2 : 1, length = 0;
        while (at < rest.length && isxdigit(rest.data[at]) &&
               (hexadecimal || isdigit(rest.data[at])))
            digits[length++] = (char)rest.data[at++];
        unsigned long value = strtoul(digits, NULL, hexadecimal ? 16 : 10);
        if (!length || value == 0 || value > 0x10FFFF)
            return 0;
        cursor_skip(cursor, at + (at < rest.length && rest.data[at] == ';'));
        return (uint32_t)value;
    }
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        size_t length = strlen(characters[i].name);
        if (bytes_start_with(rest, characters[i].name) && rest.length > length &&
            rest.data[length] == ';') {
            cursor_skip(cursor, length + 1);
            return characters[i].point;
        }
    }
    return 0;
}

/* Appends a value with its character references resolved. */
static void append_unescaped(struct bytes value, struct buffer *out)
{
    struct cursor cursor = cursor_open(value);
    while (cursor_remaining(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        uint32_t point = byte == '&' ? take_reference(&cursor) : 0;
        if (point)
            utf8_append(out, point);
        else
            buffer_append_byte(out, byte);
    }
}

static uint8_t peek(const struct cursor *cursor)
{
    return cursor_remaining(cursor) ? cursor->bytes.data[cursor->position] : 0;
}

static void skip_space(struct cursor *cursor)
{
    while (cursor_remaining(cursor) && isspace(peek(cursor)))
        cursor_skip(cursor, 1);
}

static struct bytes take_value(struct cursor *cursor)
{
    skip_space(cursor);
    uint8_t quote = peek(cursor);
    bool quoted = quote == '"' || quote == '\'';
    if (quoted)
        cursor_skip(cursor, 1);
    size_t start = cursor->position;
    while (cursor_remaining(cursor)) {
        uint8_t byte = peek(cursor);
        if (quoted ? byte == quote : isspace(byte) || byte == '>')
            break;
        cursor_skip(cursor, 1);
    }
    struct bytes value = bytes_slice(cursor->bytes, start, cursor->position - start);
    if (quoted)
        cursor_skip(cursor, cursor_remaining(cursor) > 0);
    return value;
}

static void take_attribute(struct cursor *cursor, struct tag *tag)
{
    size_t start = cursor->position;
    while (cursor_remaining(cursor) && !isspace(peek(cursor)) && !strchr("=>/", peek(cursor)))
        cursor_skip(cursor, 1);
    const char *name = (const char *)cursor->bytes.data + start;
    size_t length = cursor->position - start;
    if (!length) { /* a stray sign */
        cursor_skip(cursor, 1);
        return;
    }
    skip_space(cursor);
    if (peek(cursor) != '=')
        return;
    cursor_skip(cursor, 1);
    struct bytes value = take_value(cursor);
    if (length == 4 && !strncasecmp(name, "href", 4))
        append_unescaped(value, &tag->link);
    if (length == 3 && !strncasecmp(name, "alt", 3))
        append_unescaped(value, &tag->alternative);
}

/* Reads the tag behind '<'; false when it is none. Comments and declarations are taken as tags
 * without a name. */
static bool take_tag(struct cursor *cursor, struct tag *tag)
{
    struct bytes rest = bytes_slice(cursor->bytes, cursor->position, SIZE_MAX);
    if (bytes_start_with(rest, "!--")) {
        size_t end = bytes_find(rest, 3, "-->");
        cursor_skip(cursor, end == SIZE_MAX ? rest.length : end + 3);
        return true;
    }
    tag->closing = peek(cursor) == '/';
    cursor_skip(cursor, tag->closing);
    uint8_t first = peek(cursor);
    if (!isalpha(first) && first != '!' && first != '?')
        return false;
    size_t length = 0;
    while (cursor_remaining(cursor) && (isalnum(peek(cursor)) || strchr("!?:-", peek(cursor)))) {
        uint8_t byte = cursor_u8(cursor);
        if (length + 1 < TAG_NAME_BYTES)
            tag->name[length++] = (char)tolower(byte);
    }
    while (cursor_remaining(cursor) && peek(cursor) != '>') {
        skip_space(cursor);
        if (peek(cursor) != '>' && cursor_remaining(cursor))
            take_attribute(cursor, tag);
    }
    cursor_skip(cursor, cursor_remaining(cursor) > 0);
    return true;
}

/* Moves behind the end tag of an element whose content does not count. */
static void skip_element(struct cursor *cursor, const char *name)
{
    struct bytes all = cursor->bytes;
    size_t length = strlen(name);
    for (size_t at = bytes_find(all, cursor->position, "</"); at != SIZE_MAX;
         at = bytes_find(all, at + 2, "</")) {
        struct bytes rest = bytes_slice(all, at + 2, length + 1);
        if (rest.length <= length || strncasecmp((const char *)rest.data, name, length) ||
            isalnum(rest.data[length]))
            continue;
        size_t end = bytes_find(all, at, ">");
        cursor_seek(cursor, end == SIZE_MAX ? all.length : end + 1);
        return;
    }
    cursor_seek(cursor, all.length);
}

static bool is_shown_link(struct bytes link)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t length = strlen(schemes[i]);
        if (link.length > length && !strncasecmp((const char *)link.data, schemes[i], length))
            return link.length <= LINK_BYTES;
    }
    return false;
}

/* Shows where the link that ends here leads. */
static void close_link(struct layout *layout)
{
    struct bytes link = buffer_bytes(&layout->link);
    struct bytes text = bytes_slice(buffer_bytes(layout->out), layout->link_start, SIZE_MAX);
    struct bytes target = link;
    if (bytes_start_with(link, "mailto:"))
        target = bytes_slice(link, 7, link.length);
    bool shown = link.length <= LINK_BYTES && text.length >= target.length && target.length &&
                 memmem(text.data, text.length, target.data, target.length);
    if (is_shown_link(link) && !shown && text.length) {
        buffer_append_string(layout->out, " <");
        for (size_t i = 0; i < link.length; i++) {
            if (link.data[i] > ' ' && link.data[i] != '<' && link.data[i] != '>')
                buffer_append_byte(layout->out, link.data[i]);
        }
        buffer_append_byte(layout->out, '>');
    }
    buffer_clear(&layout->link);
}

static void append_text(struct layout *layout, struct bytes text)
{
    struct cursor cursor = cursor_open(text);
    while (cursor_remaining(&cursor))
        append_point(layout, utf8_take(text, &cursor.position));
}

static void open_link(struct layout *layout, const struct tag *tag)
{
    if (layout->link.length)
        close_link(layout);
    buffer_append_bytes(&layout->link, buffer_bytes(&tag->link));
    layout->link_start = layout->out->length;
}

static void apply_tag(struct layout *layout, struct cursor *cursor, const struct tag *tag)
{
    switch (kind_of(tag->name)) {
    case ELEMENT_HIDDEN:
        if (!tag->closing)
            skip_element(cursor, tag->name);
        break;
    case ELEMENT_BREAK:
        layout->lines_waiting++;
        break;
    case ELEMENT_BLOCK:
        want_lines(layout, 1);
        break;
    case ELEMENT_PREFORMATTED:
        layout->preformatted = !tag->closing;
        __attribute__((fallthrough));
    case ELEMENT_PARAGRAPH:
        want_lines(layout, 2);
        break;
    case ELEMENT_CELL:
        if (!tag->closing && layout->out->length > layout->start && !layout->lines_waiting)
            buffer_append_byte(layout->out, '\t');
        layout->blank_waiting = false;
        break;
    case ELEMENT_ITEM:
        want_lines(layout, 1);
        if (!tag->closing) {
            flush_space(layout);
            buffer_append_string(layout->out, "・");
        }
        break;
    case ELEMENT_LINK:
        if (tag->closing)
            close_link(layout);
        else
            open_link(layout, tag);
        break;
    case ELEMENT_PICTURE:
        append_text(layout, buffer_bytes(&tag->alternative));
        break;
    case ELEMENT_INLINE:
        break;
    }
}

void html_append_text(struct bytes html, struct buffer *out)
{
    struct layout layout = {.out = out, .start = out->length};
    struct cursor cursor = cursor_open(html);
    struct tag tag = {0};
    while (cursor_remaining(&cursor)) {
        uint32_t point = utf8_take(html, &cursor.position);
        struct cursor before = cursor;
        memset(tag.name, 0, sizeof tag.name);
        buffer_clear(&tag.link);
        buffer_clear(&tag.alternative);
        if (point == '<' && take_tag(&cursor, &tag)) {
            apply_tag(&layout, &cursor, &tag);
            continue;
        }
        cursor = before;
        uint32_t reference = point == '&' ? take_reference(&cursor) : 0;
        append_point(&layout, reference ? reference : point);
    }
    if (layout.link.length)
        close_link(&layout);
    if (out->length > layout.start)
        buffer_append_byte(out, '\n');
    buffer_free(&layout.link);
    buffer_free(&tag.link);
    buffer_free(&tag.alternative);
}
