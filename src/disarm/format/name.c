/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File names: what an extension claims, and what a rebuilt file is called. */
#include "disarm/format/name.h"

#include <strings.h>

#include "base/utf8.h"
#include "disarm/format/refused.h"

/* The extension without its dot, as Windows sees it: blanks and dots at the end do not count. */
static struct bytes extension_of(struct bytes name)
{
    size_t end = name.length;
    while (end && (name.data[end - 1] == ' ' || name.data[end - 1] == '.'))
        end--;
    size_t start = end;
    while (start && name.data[start - 1] != '.' && name.data[start - 1] != '/' &&
           name.data[start - 1] != '\\')
        start--;
    if (!start || name.data[start - 1] != '.')
        return (struct bytes){NULL, 0};
    return bytes_slice(name, start, end - start);
}

/* True when a list "docx dotx" holds the extension, in any case. */
static bool list_holds(const char *list, struct bytes extension)
{
    while (extension.length && *list) {
        size_t length = strcspn(list, " ");
        if (length == extension.length && !strncasecmp(list, (const char *)extension.data, length))
            return true;
        list += length + strspn(list + length, " ");
    }
    return false;
}

bool name_fits_format(const char *name, const struct format *format)
{
    return name && list_holds(format->extensions, extension_of(bytes_of_string(name)));
}

static const struct format *find_by_extension(const struct format *table, size_t count,
                                              struct bytes extension)
{
    for (size_t i = 0; i < count; i++) {
        if (list_holds(table[i].extensions, extension))
            return &table[i];
    }
    return NULL;
}

const struct format *name_claims(const char *name)
{
    if (!name)
        return NULL;
    struct bytes extension = extension_of(bytes_of_string(name));
    size_t count;
    const struct format *table = format_all(&count);
    const struct format *claimed = find_by_extension(table, count, extension);
    if (claimed)
        return claimed;
    table = refused_all(&count);
    return find_by_extension(table, count, extension);
}

/* Characters that show nothing or turn the text around (UAX #9), so that "exe.txt" may be a lie. */
static bool hides(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x61C ||
           (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

static void append_clean(struct buffer *out, struct bytes name)
{
    while (name.length) {
        uint32_t point = 0;
        size_t length = utf8_decode(name, &point);
        if (!length || hides(point))
            buffer_append_byte(out, '_');
        else
            utf8_append(out, point);
        name = bytes_slice(name, length ? length : 1, SIZE_MAX);
    }
}

void name_append_output(struct buffer *out, const char *name, const struct format *made)
{
    struct bytes whole = bytes_of_string(name && *name ? name : "file");
    struct bytes extension = extension_of(whole);
    if (list_holds(made->extensions, extension)) {
        append_clean(out, whole);
        return;
    }
    const char *text = (const char *)whole.data;
    struct bytes stem = whole;
    if (extension.length && name_claims(text))
        stem.length = (size_t)(extension.data - whole.data) - 1;
    append_clean(out, stem);
    buffer_append_byte(out, '.');
    buffer_append(out, made->extensions, strcspn(made->extensions, " "));
}
