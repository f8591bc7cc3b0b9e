/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text, and the kinds of text that programs act upon: told by the first words. */
#include "disarm/format/identify_parts.h"

#include <ctype.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/encoding.h"

enum {
    HEAD_BYTES = 4096,
    WIDE_SAMPLE_BYTES = 65536, /* even, so that no character of UTF-16 is cut */
    HEADER_LINES = 40,
    HEADER_FIELDS_NEEDED = 2,
};

/* True for control characters that no text has: all but TAB LF VT FF CR, ESC (ISO-2022-JP), SUB. */
static bool is_foreign(uint8_t byte)
{
    static const uint8_t allowed[] = {'\t', '\n', '\v', '\f', '\r', 0x1A, 0x1B};
    return (byte < 0x20 && !memchr(allowed, byte, sizeof allowed)) || byte == 0x7F;
}

static bool holds_foreign(struct bytes in, size_t allowed)
{
    size_t foreign = 0;
    for (size_t i = 0; i < in.length; i++)
        foreign += is_foreign(in.data[i]);
    return foreign > allowed;
}

/* UTF-16 or UTF-32, with or without a byte order mark: its beginning decodes to clean text. */
static bool is_wide_text(struct bytes in)
{
    struct bytes sample = bytes_slice(in, 0, WIDE_SAMPLE_BYTES);
    enum encoding encoding = encoding_detect(sample);
    if (encoding < ENCODING_UTF16LE || encoding > ENCODING_UTF32BE || in.length % 2)
        return false;
    AUTO_BUFFER text = {0};
    return encoding_to_utf8(encoding, sample, &text) <= (sample.length < in.length) &&
           !holds_foreign(buffer_bytes(&text), 0);
}

bool identify_is_text(struct bytes in)
{
    if (in.length && memchr(in.data, 0, in.length))
        return is_wide_text(in);
    /* a stray control character in a long log does not make it another kind of file */
    return !holds_foreign(in, in.length / 1000);
}

struct opening {
    const char *words;
    const char *format;
};

/* Openings that decide, compared without regard to case, after blanks and a byte order mark. */
static const struct opening openings[] = {
    {"#!", "script"},
    {"%!PS", "ps"},
    {"<!--", "html"},
    {"<!doctype html", "html"},
    {"<!doctype svg", "svg"},
    {"<?php", "script"},
    {"<?xml", "xml"},
    {"<body", "html"},
    {"<head", "html"},
    {"<html", "html"},
    {"<job", "script"},
    {"<package", "script"},
    {"<script", "html"},
    {"<svg", "svg"},
    {"@echo off", "script"},
    {"[InternetShortcut]", "lnk"},
    {"[autorun]", "script"},
    {"regedit4", "script"},
    {"windows registry editor", "script"},
    {"{\\rt", "rtf"},
};

/* The beginning as ASCII: UTF-16 brought to bytes, the mark and leading blanks left out. */
static void read_head(struct bytes in, char head[static HEAD_BYTES + 1])
{
    bool little = bytes_start_with(in, "\xFF\xFE"), big = bytes_start_with(in, "\xFE\xFF");
    size_t step = little || big ? 2 : 1, position = little || big ? 2 : 0, length = 0;
    if (bytes_start_with(in, "\xEF\xBB\xBF"))
        position = 3;
    for (; position + step <= in.length && length < HEAD_BYTES; position += step) {
        uint8_t high = step == 1 ? 0 : in.data[position + (little ? 1 : 0)];
        uint8_t low = in.data[position + (big ? 1 : 0)];
        char character = high || !low ? '?' : (char)low;
        if (length || !isspace((unsigned char)character))
            head[length++] = character;
    }
    head[length] = '\0';
}

/* XML by its root element, as far as the head shows it. */
static const char *xml_kind(const char *head)
{
    if (strstr(head, "progid=\"Word.Document\"") || strstr(head, "progid=\"Excel.Sheet\"") ||
        strstr(head, "progid=\"PowerPoint.Show\""))
        return "xml_office";
    if (strstr(head, "<svg"))
        return "svg";
    return strstr(head, "<html") ? "html" : "xml";
}

static bool is_field_name(struct bytes line, size_t colon)
{
    for (size_t i = 0; i < colon; i++) {
        if (line.data[i] <= ' ' || line.data[i] >= 0x7F)
            return false;
    }
    return colon > 0;
}

static bool is_mail_field(struct bytes line, size_t colon)
{
    static const char *const fields[] = {
        "bcc",          "cc",           "content-type",
        "date",         "delivered-to", "dkim-signature",
        "from",         "in-reply-to",  "message-id",
        "mime-version", "received",     "reply-to",
        "return-path",  "sender",       "subject",
        "to",           "x-mailer",
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strlen(fields[i]) == colon && !strncasecmp((const char *)line.data, fields[i], colon))
            return true;
    }
    return false;
}

/* RFC 5322 2.2: lines "Name: value" with continuations, until an empty line. */
static bool is_mail(struct bytes in)
{
    struct cursor cursor = cursor_open(in);
    int known = 0;
    for (int i = 0; i < HEADER_LINES && cursor_remaining(&cursor); i++) {
        struct bytes line = cursor_line(&cursor);
        if (!line.length)
            break;
        if (i == 0 && (bytes_start_with(line, "From ") || bytes_start_with(line, ">From ")))
            continue;
        if (i > 0 && (line.data[0] == ' ' || line.data[0] == '\t'))
            continue;
        size_t colon = bytes_find(line, 0, ":");
        if (colon == SIZE_MAX || !is_field_name(line, colon))
            return known > HEADER_FIELDS_NEEDED;
        known += is_mail_field(line, colon);
    }
    return known >= HEADER_FIELDS_NEEDED;
}

const char *identify_text(struct bytes in)
{
    char head[HEAD_BYTES + 1];
    read_head(in, head);
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        if (strncasecmp(head, openings[i].words, strlen(openings[i].words)))
            continue;
        return strcmp(openings[i].format, "xml") ? openings[i].format : xml_kind(head);
    }
    if (!identify_is_text(in))
        return NULL;
    return is_mail(in) ? "eml" : "text";
}
