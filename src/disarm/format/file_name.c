/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One rule after the other, each leaving a name that the ones before it have nothing against. */
#include "disarm/format/file_name.h"

#include <strings.h>

#include "base/cursor.h"
#include "base/utf8.h"
#include "disarm/format/character.h"
#include "disarm/format/lookalike.h"
#include "disarm/format/name.h"

/* Names of devices in Windows, with any extension. */
static const char *const devices[] = {"aux", "clock$", "con", "conin$", "conout$", "nul", "prn"};

static bool is_device(struct bytes name)
{
    size_t stem = bytes_find(name, 0, ".");
    name = bytes_slice(name, 0, stem);
    while (name.length && name.data[name.length - 1] == ' ')
        name.length--;
    const char *text = (const char *)name.data;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        if (strlen(devices[i]) == name.length && !strncasecmp(text, devices[i], name.length))
            return true;
    }
    /* COM1 to COM9 and LPT1 to LPT9, also with the superscript digits ¹ ² ³ */
    if (name.length < 4 || (strncasecmp(text, "com", 3) && strncasecmp(text, "lpt", 3)))
        return false;
    struct bytes digit = bytes_slice(name, 3, name.length);
    return (digit.length == 1 && digit.data[0] >= '0' && digit.data[0] <= '9') ||
           bytes_equal_string(digit, "¹") || bytes_equal_string(digit, "²") ||
           bytes_equal_string(digit, "³");
}

/* True for characters that file systems forbid or that look like a separator of paths. */
static bool is_forbidden(uint32_t point)
{
    return point < 0x20 || (point < 0x7F && strchr("<>:\"|?*/\\", (int)point)) || point == 0x2024 ||
           point == 0x2044 || point == 0x2215 || point == 0x29F8 || point == 0x29F9 ||
           point == UTF8_REPLACEMENT;
}

static unsigned replace_characters(struct bytes name, struct buffer *out)
{
    AUTO_BUFFER visible = {0};
    character_clean(name, &visible, NULL);
    unsigned changes = bytes_equal(name, buffer_bytes(&visible)) ? 0 : FILE_NAME_HIDDEN;
    struct bytes text = buffer_bytes(&visible);
    for (size_t at = 0; at < text.length;) {
        uint32_t point;
        size_t width = utf8_decode(bytes_slice(text, at, 4), &point);
        if (is_forbidden(point)) {
            buffer_append_byte(out, '_');
            changes |= FILE_NAME_FORBIDDEN;
        } else {
            buffer_append(out, text.data + at, width);
        }
        at += width;
    }
    return changes;
}

static bool is_blank_or_dot(uint8_t byte)
{
    return byte == ' ' || byte == '.';
}

/* Windows drops blanks and dots at the end of a name, so that another one remains. */
static unsigned trim(struct buffer *name)
{
    size_t end = name->length, start = 0;
    while (end && is_blank_or_dot(name->data[end - 1]))
        end--;
    while (start < end && name->data[start] == ' ')
        start++;
    unsigned changes = start || end != name->length ? FILE_NAME_FORBIDDEN : 0;
    if (start)
        memmove(name->data, name->data + start, end - start);
    name->length = end - start;
    if (!name->length)
        buffer_append_byte(name, '_');
    return changes;
}

/* Offset of the last dot with something before and behind it, or the length. */
static size_t extension_start(const struct buffer *name)
{
    for (size_t i = name->length; i-- > 1;) {
        if (name->data[i] == '.')
            return i;
    }
    return name->length;
}

/* Length of the blank (half or full width) that ends at offset end, or 0. */
static size_t blank_before(const struct buffer *name, size_t end)
{
    if (end >= 1 && name->data[end - 1] == ' ')
        return 1;
    return end >= 3 && !memcmp(name->data + end - 3, "\xE3\x80\x80", 3) ? 3 : 0;
}

/* Many blanks push the extension out of sight: "資料.pdf      .zip". */
static unsigned close_gap(struct buffer *name)
{
    size_t dot = extension_start(name), start = dot, blank;
    if (dot == name->length)
        return 0;
    while ((blank = blank_before(name, start)) && start > blank)
        start -= blank;
    if (start == dot)
        return 0;
    memmove(name->data + start, name->data + dot, name->length - dot);
    name->length -= dot - start;
    return FILE_NAME_LOOKALIKE;
}

/* "請求書.pdf.docx": an extension before the extension becomes "_pdf". */
static unsigned join_extensions(struct buffer *name)
{
    unsigned changes = 0;
    size_t end = extension_start(name);
    while (end < name->length) {
        AUTO_BUFFER stem = {0};
        buffer_append(&stem, name->data, end);
        size_t inner = extension_start(&stem);
        if (inner == stem.length || !name_claims(buffer_string(&stem)))
            return changes;
        name->data[inner] = '_';
        changes = FILE_NAME_LOOKALIKE;
        end = inner;
    }
    return changes;
}

/* Cuts the stem at a character so that the extension stays. */
static unsigned shorten(struct buffer *name)
{
    if (name->length <= FILE_NAME_BYTES)
        return 0;
    size_t dot = extension_start(name);
    if (name->length - dot > 16)
        dot = name->length;
    size_t keep = FILE_NAME_BYTES - (name->length - dot);
    while (keep && (name->data[keep] & 0xC0) == 0x80)
        keep--;
    memmove(name->data + keep, name->data + dot, name->length - dot);
    name->length -= dot - keep;
    return FILE_NAME_LONG;
}

/* One round over the rules; the input is UTF-8 of any kind. */
static unsigned clean_once(struct bytes component, struct buffer *name)
{
    AUTO_BUFFER scripts = {0};
    unsigned changes = replace_characters(component, &scripts);
    if (lookalike_append_plain(buffer_bytes(&scripts), name))
        changes |= FILE_NAME_LOOKALIKE;
    changes |= trim(name);
    changes |= close_gap(name);
    changes |= join_extensions(name);
    changes |= shorten(name);
    if (is_device(buffer_bytes(name))) {
        buffer_reserve(name, 1);
        memmove(name->data + 1, name->data, name->length);
        name->data[0] = '_';
        name->length++;
        changes |= FILE_NAME_DEVICE;
    }
    return changes;
}

unsigned file_name_clean(struct bytes component, struct buffer *out)
{
    AUTO_BUFFER now = {0};
    buffer_append_bytes(&now, component);
    unsigned changes = 0;
    /* A later rule can make work for an earlier one (a cut that ends in a blank). Each round only
     * shortens or replaces, so that this ends. */
    for (;;) {
        AUTO_BUFFER next = {0};
        unsigned more = clean_once(buffer_bytes(&now), &next);
        changes |= more;
        struct buffer swap = now;
        now = next;
        next = swap;
        if (!more)
            break;
    }
    buffer_append_bytes(out, buffer_bytes(&now));
    return changes;
}

static bool is_separator(uint8_t byte)
{
    return byte == '/' || byte == '\\';
}

/* "C:" and "C:name" at the start of a path. */
static size_t drive_length(struct bytes path)
{
    uint8_t letter = path.length ? path.data[0] | 0x20 : 0;
    return path.length >= 2 && path.data[1] == ':' && letter >= 'a' && letter <= 'z' ? 2 : 0;
}

unsigned file_path_clean(struct bytes path, struct buffer *out)
{
    size_t first = out->length, at = drive_length(path);
    unsigned changes = at || (path.length && is_separator(path.data[0])) ? FILE_NAME_TRAVERSAL : 0;
    while (at < path.length) {
        size_t end = at;
        while (end < path.length && !is_separator(path.data[end]))
            end++;
        struct bytes component = bytes_slice(path, at, end - at);
        at = end + 1;
        if (bytes_equal_string(component, ".."))
            changes |= FILE_NAME_TRAVERSAL;
        if (!component.length || bytes_equal_string(component, "..") ||
            bytes_equal_string(component, "."))
            continue;
        if (out->length > first)
            buffer_append_byte(out, '/');
        changes |= file_name_clean(component, out);
    }
    if (out->length > first && is_separator(path.data[path.length - 1]))
        buffer_append_byte(out, '/');
    return changes;
}

void file_name_record(struct job *job, const char *part, unsigned changes)
{
    static const struct {
        unsigned change;
        const char *reason;
    } rows[] = {
        {FILE_NAME_HIDDEN, "name_hidden"},       {FILE_NAME_FORBIDDEN, "name_forbidden"},
        {FILE_NAME_DEVICE, "name_device"},       {FILE_NAME_LONG, "name_long"},
        {FILE_NAME_LOOKALIKE, "name_lookalike"}, {FILE_NAME_TRAVERSAL, "name_traversal"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (changes & rows[i].change)
            job_record(job, part, "name", RECEIPT_REWRITTEN, rows[i].reason, 0, 0);
    }
}
