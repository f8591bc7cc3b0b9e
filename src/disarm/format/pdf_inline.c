/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inline images: read, decoded, checked against their size, written as hexadecimal samples. */
#include "disarm/format/pdf_inline.h"

#include "disarm/format/pdf_image.h"
#include "disarm/format/pdf_stream.h"

enum { LOOK_BEHIND_EI = 12 }; /* bytes after EI that must look like content */

/* True when EI stands here between white space and what follows looks like operators. */
static bool ends_here(struct bytes content, size_t at)
{
    struct bytes rest = bytes_slice(content, at, LOOK_BEHIND_EI);
    if (rest.length < 2 || rest.data[0] != 'E' || rest.data[1] != 'I' ||
        (rest.length > 2 && pdf_is_regular(rest.data[2])))
        return false;
    for (size_t i = 2; i < rest.length; i++) {
        uint8_t c = rest.data[i];
        if (c >= 0x7F || (c < ' ' && !pdf_is_space(c)))
            return false;
    }
    return true;
}

/* The data from here to EI; moves the lexer behind it. */
static struct bytes take_data(struct pdf_lexer *lexer, size_t known_length)
{
    struct bytes content = lexer->bytes;
    size_t start = lexer->position, at = start;
    if (known_length && known_length <= content.length - start)
        at = start + known_length;
    for (; at < content.length; at++) {
        bool spaced =
            at == start + known_length || (at > start && pdf_is_space(content.data[at - 1]));
        if (spaced && ends_here(content, at)) {
            lexer->position = at + 2;
            return bytes_slice(content, start, at - start);
        }
    }
    lexer->position = content.length;
    return bytes_slice(content, start, content.length);
}

void pdf_inline_rewrite(struct pdf_copy *copy, struct pdf_lexer *lexer, struct buffer *out)
{
    struct pdf_arena arena = {0};
    struct pdf_entry entries[24];
    struct pdf_value dictionary = {.type = PDF_DICTIONARY, .entries = entries};
    for (;;) {
        enum pdf_token_kind kind = pdf_lexer_next(lexer);
        if (kind == PDF_TOKEN_END ||
            (kind == PDF_TOKEN_KEYWORD && bytes_equal_string(lexer->text, "ID")))
            break;
        if (kind != PDF_TOKEN_NAME)
            continue;
        struct bytes key = pdf_arena_copy(&arena, lexer->text);
        pdf_lexer_next(lexer);
        struct pdf_value value = pdf_parse_value(lexer, &arena, false, 0);
        if (dictionary.count < sizeof entries / sizeof *entries)
            entries[dictionary.count++] = (struct pdf_entry){key, value};
    }
    lexer->position += lexer->position < lexer->bytes.length; /* the one blank behind ID */
    struct bytes data = take_data(lexer, pdf_image_inline_length(copy, &dictionary));
    size_t start = out->length;
    if (!pdf_image_rewrite_inline(copy, &dictionary, data, out)) {
        out->length = start;
        pdf_copy_drop(copy, "Content", "BI", "pdf_image", "pdf_unreadable");
    }
    pdf_arena_free(&arena);
}
