/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding as tolerantly as mail programs do, encoding in one strict form. */
#include "disarm/format/mime_words.h"

#include "base/encoding.h"
#include "base/utf8.h"
#include "disarm/format/character.h"
#include "disarm/format/mime_transfer.h"

enum {
    LINE_LENGTH = 76,
    WORD_BYTES = 42,  /* of UTF-8 in one encoded word: 56 characters of base64, 68 with its frame */
    FIRST_BYTES = 24, /* in the first one, which stands behind the name of the field */
};

bool mime_is_plain(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    }
    return true;
}

void mime_decode_charset(struct bytes text, struct bytes charset, struct buffer *out)
{
    enum encoding labelled = encoding_find(charset);
    enum encoding seen = encoding_detect(text);
    enum encoding marked;
    size_t mark = encoding_mark(text, &marked);
    text = bytes_slice(text, mark, text.length);
    if (mark || labelled == ENCODING_UNKNOWN ||
        (labelled == ENCODING_UTF8 && seen == ENCODING_ISO_2022_JP)) {
        encoding_to_utf8(mark ? marked : seen, text, out);
        return;
    }
    size_t start = out->length;
    if (!encoding_to_utf8(labelled, text, out) || seen == ENCODING_UNKNOWN || seen == labelled)
        return;
    AUTO_BUFFER other = {0};
    if (!encoding_to_utf8(seen, text, &other)) {
        out->length = start;
        buffer_append_bytes(out, buffer_bytes(&other));
    }
}

/* An encoded word as it stands in a text. */
struct word {
    struct bytes charset, text;
    uint8_t kind; /* 'b' or 'q' */
    size_t length;
};

/* =?charset*language?B?text?= at offset at; false when there is none. */
static bool find_word(struct bytes text, size_t at, struct word *word)
{
    if (!bytes_start_with(bytes_slice(text, at, 2), "=?"))
        return false;
    size_t first = bytes_find(text, at + 2, "?");
    if (first == SIZE_MAX || first + 2 >= text.length || text.data[first + 2] != '?')
        return false;
    word->kind = text.data[first + 1] | 0x20;
    size_t end = bytes_find(text, first + 3, "?=");
    if ((word->kind != 'b' && word->kind != 'q') || end == SIZE_MAX)
        return false;
    word->charset = bytes_slice(text, at + 2, first - at - 2);
    size_t language = bytes_find(word->charset, 0, "*");
    word->charset = bytes_slice(word->charset, 0, language);
    word->text = bytes_slice(text, first + 3, end - first - 3);
    word->length = end + 2 - at;
    return word->charset.length && !memchr(word->charset.data, ' ', word->charset.length);
}

/* Encoded words that follow each other in one charset are decoded together, because many programs
 * cut them in the middle of a character. */
struct word_run {
    struct buffer *out;
    struct bytes charset;
    struct buffer pending;
};

static void run_flush(struct word_run *run)
{
    if (run->pending.length)
        mime_decode_charset(buffer_bytes(&run->pending), run->charset, run->out);
    buffer_clear(&run->pending);
}

static void run_add(struct word_run *run, const struct word *word)
{
    if (!bytes_equal(run->charset, word->charset))
        run_flush(run);
    run->charset = word->charset;
    if (word->kind == 'b')
        mime_decode_base64(word->text, &run->pending);
    else
        mime_decode_word_quoted(word->text, &run->pending);
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void decode_all_words(struct bytes text, struct buffer *out)
{
    struct word_run run = {.out = out};
    struct word word;
    for (size_t at = 0; at < text.length;) {
        if (find_word(text, at, &word)) {
            run_add(&run, &word);
            at += word.length;
            size_t next = at;
            while (next < text.length && is_blank(text.data[next]))
                next++;
            struct word following;
            if (next < text.length && find_word(text, next, &following))
                at = next; /* white space between encoded words does not count */
            continue;
        }
        run_flush(&run);
        buffer_append_byte(out, text.data[at++]);
    }
    run_flush(&run);
    buffer_free(&run.pending);
}

/* White space of any kind and length as one blank. */
static void append_settled(struct bytes text, struct buffer *out)
{
    bool blank = false, any = false;
    for (size_t i = 0; i < text.length; i++) {
        if (is_blank(text.data[i]) || text.data[i] == '\f') {
            blank = true;
            continue;
        }
        if (blank && any)
            buffer_append_byte(out, ' ');
        buffer_append_byte(out, text.data[i]);
        blank = false;
        any = true;
    }
}

bool mime_decode_phrase(struct bytes utf8, struct buffer *out)
{
    AUTO_BUFFER decoded = {0}, clean = {0};
    struct character_counts counts = {0};
    decode_all_words(utf8, &decoded);
    character_clean(buffer_bytes(&decoded), &clean, &counts);
    append_settled(buffer_bytes(&clean), out);
    return counts.of[CHARACTER_DIRECTION] || counts.of[CHARACTER_INVISIBLE];
}

bool mime_decode_words(struct bytes value, struct buffer *out)
{
    AUTO_BUFFER utf8 = {0};
    mime_decode_charset(value, (struct bytes){NULL, 0}, &utf8);
    return mime_decode_phrase(buffer_bytes(&utf8), out);
}

void mime_decode_words_raw(struct bytes value, struct buffer *out)
{
    AUTO_BUFFER utf8 = {0};
    mime_decode_charset(value, (struct bytes){NULL, 0}, &utf8);
    decode_all_words(buffer_bytes(&utf8), out);
}

/* ASCII text, folded before the word that would pass the end of the line. */
static void fold_plain(struct bytes text, size_t column, struct buffer *out)
{
    for (size_t at = 0; at < text.length;) {
        size_t end = at;
        while (end < text.length && text.data[end] != ' ')
            end++;
        bool first = at == 0;
        if (!first && column + 1 + (end - at) > LINE_LENGTH) {
            buffer_append_string(out, "\r\n ");
            column = 1;
        } else if (!first) {
            buffer_append_byte(out, ' ');
            column++;
        }
        buffer_append(out, text.data + at, end - at);
        column += end - at;
        at = end + 1;
    }
}

static bool has_long_word(struct bytes text)
{
    size_t run = 0;
    for (size_t i = 0; i < text.length; i++) {
        run = text.data[i] == ' ' ? 0 : run + 1;
        if (run > 500)
            return true;
    }
    return false;
}

void mime_encode_phrase(struct bytes utf8, struct buffer *out)
{
    for (size_t at = 0; at < utf8.length;) {
        size_t room = at ? WORD_BYTES : FIRST_BYTES;
        size_t end = at + room < utf8.length ? at + room : utf8.length;
        while (end < utf8.length && (utf8.data[end] & 0xC0) == 0x80)
            end--;
        if (at)
            buffer_append_string(out, "\r\n ");
        buffer_append_string(out, "=?UTF-8?B?");
        mime_encode_base64(bytes_slice(utf8, at, end - at), false, out);
        buffer_append_string(out, "?=");
        at = end;
    }
}

void mime_encode_words(struct bytes utf8, size_t column, struct buffer *out)
{
    if (mime_is_plain(utf8) && bytes_find(utf8, 0, "=?") == SIZE_MAX && !has_long_word(utf8))
        fold_plain(utf8, column, out);
    else
        mime_encode_phrase(utf8, out);
}
