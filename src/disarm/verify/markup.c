/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scanner for the canonical-like XML that our writers make. */
#include "disarm/verify/markup.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

enum { DEPTH_LIMIT = 1000, ATTRIBUTE_LIMIT = 256 };

struct reference {
    const char *written;
    uint8_t byte;
};

static const struct reference references[] = {
    {"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'},  {"&quot;", '"'},
    {"&#13;", '\r'}, {"&#10;", '\n'}, {"&#9;", '\t'},
};

static const struct reference *find_reference(struct bytes xml, size_t at)
{
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        if (bytes_start_with(bytes_slice(xml, at, 6), references[i].written))
            return &references[i];
    }
    return NULL;
}

bool markup_open(struct markup *markup, struct bytes xml, bool declaration)
{
    *markup = (struct markup){.xml = xml};
    if (!declaration)
        return true;
    markup->at = strlen(DECLARATION);
    return bytes_start_with(xml, DECLARATION);
}

void markup_close(struct markup *markup)
{
    free(markup->attributes);
    free(markup->stack);
    *markup = (struct markup){0};
}

static int peek(const struct markup *markup)
{
    return markup->at < markup->xml.length ? markup->xml.data[markup->at] : -1;
}

static bool take(struct markup *markup, char byte)
{
    if (peek(markup) != (uint8_t)byte)
        return false;
    markup->at++;
    return true;
}

static bool name_byte(int c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
}

/* local or prefix:local, ASCII */
static bool take_name(struct markup *markup, struct bytes *name)
{
    size_t start = markup->at;
    for (int part = 0; part < 2; part++) {
        if (!name_byte(peek(markup), true))
            return false;
        while (name_byte(peek(markup), false))
            markup->at++;
        if (part || !take(markup, ':'))
            break;
    }
    *name = bytes_slice(markup->xml, start, markup->at - start);
    return true;
}

/* A run up to the byte `end`, or, for '<', to the end of the input. */
static bool take_run(struct markup *markup, char end, struct bytes *run)
{
    size_t start = markup->at;
    bool ascii = true;
    for (; markup->at < markup->xml.length; markup->at++) {
        uint8_t c = markup->xml.data[markup->at];
        if (c == (uint8_t)end)
            break;
        ascii &= c < 0x80;
        if (c == '<' || c == '>' || (c < 0x20 && !(end == '<' && (c == '\n' || c == '\t'))))
            return false;
        if (c == '&' && !find_reference(markup->xml, markup->at))
            return false;
    }
    *run = bytes_slice(markup->xml, start, markup->at - start);
    return ascii || utf8_valid(*run);
}

static bool take_attribute(struct markup *markup)
{
    if (markup->attribute_count == markup->attribute_room) {
        markup->attribute_room = markup->attribute_room ? 2 * markup->attribute_room : 16;
        markup->attributes =
            memory_resize(markup->attributes, markup->attribute_room, sizeof *markup->attributes);
    }
    struct markup_attribute *attribute = &markup->attributes[markup->attribute_count];
    if (markup->attribute_count >= ATTRIBUTE_LIMIT || !take_name(markup, &attribute->name) ||
        !take(markup, '=') || !take(markup, '"') || !take_run(markup, '"', &attribute->value) ||
        !take(markup, '"'))
        return false;
    for (size_t i = 0; i < markup->attribute_count; i++) {
        if (bytes_equal(markup->attributes[i].name, attribute->name))
            return false;
    }
    markup->attribute_count++;
    return true;
}

static bool push(struct markup *markup)
{
    if (markup->depth == markup->stack_room) {
        markup->stack_room = markup->stack_room ? 2 * markup->stack_room : 32;
        markup->stack = memory_resize(markup->stack, markup->stack_room, sizeof *markup->stack);
    }
    markup->stack[markup->depth++] = markup->name;
    return markup->depth <= DEPTH_LIMIT;
}

static enum markup_event take_start(struct markup *markup)
{
    markup->attribute_count = 0;
    if (!take_name(markup, &markup->name))
        return MARKUP_BAD;
    while (take(markup, ' ')) {
        if (!take_attribute(markup))
            return MARKUP_BAD;
    }
    markup->closing = take(markup, '/');
    return take(markup, '>') && push(markup) ? MARKUP_START : MARKUP_BAD;
}

static enum markup_event take_end(struct markup *markup)
{
    if (!take_name(markup, &markup->name) || !take(markup, '>') || !markup->depth ||
        !bytes_equal(markup->name, markup->stack[markup->depth - 1]))
        return MARKUP_BAD;
    markup->pop = true;
    return MARKUP_END;
}

static enum markup_event next(struct markup *markup)
{
    if (markup->pop) {
        markup->pop = false;
        markup->depth--;
        if (markup->depth == 0)
            return markup->at == markup->xml.length ? MARKUP_DONE : MARKUP_BAD;
    }
    if (markup->closing) {
        markup->closing = false;
        markup->pop = true;
        return MARKUP_END;
    }
    if (take(markup, '<'))
        return take(markup, '/') ? take_end(markup) : take_start(markup);
    if (!markup->depth || peek(markup) < 0 || !take_run(markup, '<', &markup->text))
        return MARKUP_BAD;
    return MARKUP_TEXT;
}

enum markup_event markup_next(struct markup *markup)
{
    enum markup_event event = next(markup);
    if (event == MARKUP_BAD)
        markup->at = markup->xml.length;
    return event;
}

struct bytes markup_attribute(const struct markup *markup, const char *name)
{
    for (size_t i = 0; i < markup->attribute_count; i++) {
        if (bytes_equal_string(markup->attributes[i].name, name))
            return markup->attributes[i].value;
    }
    return (struct bytes){0};
}

void markup_decode(struct buffer *out, struct bytes written)
{
    for (size_t i = 0; i < written.length; i++) {
        const struct reference *reference =
            written.data[i] == '&' ? find_reference(written, i) : NULL;
        if (!reference) {
            buffer_append_byte(out, written.data[i]);
            continue;
        }
        buffer_append_byte(out, reference->byte);
        i += strlen(reference->written) - 1;
    }
}
