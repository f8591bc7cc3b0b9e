/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Polyglots: bytes that one program opens as one type and another program as another.
 *
 * Rebuilding already takes the second meaning away, so this looks only for what no honest file has:
 * an archive that ends where a picture or document ends, a PDF header within the first kilobyte of
 * something else, page markup inside a picture. A file embedded in a PDF or stored in a zip is
 * honest and does not match.
 */
#include "disarm/format/identify_parts.h"

#include <ctype.h>
#include <strings.h>

#include "base/cursor.h"

enum { SNIFFED_BYTES = 1024 };

size_t identify_pdf_header(struct bytes in)
{
    struct bytes head = bytes_slice(in, 0, SNIFFED_BYTES + 8);
    for (size_t at = 0; (at = bytes_find(head, at, "%PDF-")) != SIZE_MAX; at++) {
        struct bytes version = bytes_slice(head, at + 5, 1);
        if (version.length && isdigit(version.data[0]))
            return at;
    }
    return SIZE_MAX;
}

/* True when the view holds `word`, whatever its case. */
static bool holds_word(struct bytes in, const char *word)
{
    size_t length = strlen(word);
    if (!in.data)
        return false;
    for (size_t i = 0; i + length <= in.length; i++) {
        if (in.data[i] == (uint8_t)word[0] && !strncasecmp((const char *)in.data + i, word, length))
            return true;
    }
    return false;
}

/* Markup or script that a browser or interpreter would act upon. */
static bool holds_markup(struct bytes in)
{
    static const char *const words[] = {"<html", "<script", "<?php", "<!doctype html"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (holds_word(in, words[i]))
            return true;
    }
    return false;
}

static const char *inspect_picture(struct bytes in)
{
    struct zip_directory directory;
    size_t tail = in.length > SNIFFED_BYTES ? in.length - SNIFFED_BYTES : 0;
    if (identify_zip_directory(in, false, &directory) && directory.length)
        return "zip inside a picture";
    if (bytes_find(in, 0, "Rar!\x1A\x07") != SIZE_MAX ||
        bytes_find(in, 0, "7z\xBC\xAF\x27\x1C") != SIZE_MAX)
        return "archive inside a picture";
    if (holds_markup(bytes_slice(in, 0, SNIFFED_BYTES)) ||
        holds_markup(bytes_slice(in, tail, SNIFFED_BYTES)))
        return "markup inside a picture";
    return NULL;
}

/* What stands in front of a PDF header is honest when it is no type of its own. */
static const char *inspect_pdf(struct bytes in)
{
    struct bytes front = bytes_slice(in, 0, identify_pdf_header(in));
    const char *type = front.length ? identify_signature(in) : NULL;
    if ((type && strcmp(type, "pdf") && strcmp(type, "ps")) || holds_markup(front) ||
        bytes_start_with(front, "#!"))
        return "something in front of a PDF";
    return NULL;
}

/* A zip whose first member is stored may hold a PDF right behind its local header. */
static bool is_first_member(struct bytes in, size_t position)
{
    struct cursor local = cursor_open(in);
    cursor_skip(&local, 26);
    size_t name = cursor_u16le(&local), extra = cursor_u16le(&local);
    return position >= 30 + name + extra;
}

const char *identify_polyglot(struct bytes in, const char *name, bool picture)
{
    bool zip = bytes_start_with(in, "PK");
    struct zip_directory directory;
    size_t pdf = identify_pdf_header(in);
    if (!strcmp(name, "pdf")) {
        const char *found = inspect_pdf(in);
        if (found)
            return found;
    } else if (pdf != SIZE_MAX && (picture || (zip && !is_first_member(in, pdf)))) {
        return "PDF inside another type";
    }
    if (picture)
        return inspect_picture(in);
    if (!zip && identify_zip_directory(in, true, &directory) && directory.length)
        return "zip behind another type";
    return NULL;
}
