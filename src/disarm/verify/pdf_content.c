/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content streams as our writer makes them. */
#include "disarm/verify/pdf_content.h"

#include "base/buffer.h"
#include "disarm/verify/pdf_names.h"
#include "disarm/verify/pdf_syntax.h"

static int refuse(const struct cursor *cursor, const char *what, struct error *error)
{
    return error_set(error, "verify_pdf", NULL, "content: %s (%zu)", what, cursor->position);
}

static int nibble(uint8_t c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* The samples of an inline image, of which ID was just read: hexadecimal, then EI. */
static int check_samples(struct verify_job *job, struct cursor *cursor, bool jpeg,
                         struct error *error)
{
    cursor_u8(cursor);
    cursor->position--;
    struct cursor samples = *cursor;
    size_t start = ++samples.position, length = 0;
    AUTO_BUFFER picture = {0};
    int high = -1;
    for (;; length++) {
        uint8_t c = cursor_u8(&samples);
        if (samples.failed || c == '>')
            break;
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')))
            return refuse(&samples, "inline image", error);
        if (jpeg && high >= 0)
            buffer_append_byte(&picture, (uint8_t)(high << 4 | nibble(c)));
        high = high < 0 ? nibble(c) : -1;
    }
    struct bytes end = cursor_take(&samples, 4);
    if (samples.failed || start == samples.position || memcmp(end.data, "\nEI\n", 4) != 0)
        return refuse(&samples, "end of an inline image", error);
    *cursor = samples;
    return jpeg ? verify_nested(job, "jpeg", buffer_bytes(&picture), error) : 0;
}

int verify_pdf_content(struct verify_job *job, struct bytes content, struct error *error)
{
    struct cursor cursor = cursor_open(content);
    bool jpeg = false, image = false;
    for (;;) {
        struct syntax_token token = syntax_next(&cursor, true);
        if (token.kind == SYNTAX_END)
            return 0;
        if (token.kind == SYNTAX_BAD || token.kind == SYNTAX_HEX_STRING)
            return refuse(&cursor, "syntax", error);
        if (image && token.kind == SYNTAX_NAME)
            jpeg |= bytes_equal_string(token.text, "DCT");
        if (token.kind != SYNTAX_WORD)
            continue;
        if (syntax_is(&token, SYNTAX_WORD, "BI")) {
            image = true;
            jpeg = false;
        } else if (image && syntax_is(&token, SYNTAX_WORD, "ID")) {
            image = false;
            if (check_samples(job, &cursor, jpeg, error))
                return -1;
        } else if (image ? !syntax_is(&token, SYNTAX_WORD, "true") &&
                               !syntax_is(&token, SYNTAX_WORD, "false")
                         : !names_operator(token.text)) {
            return refuse(&cursor, "operator", error);
        }
    }
}
