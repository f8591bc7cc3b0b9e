/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader of file names in archives and mails, with its own list of what is reserved. */
#include "disarm/verify/name.h"

#include <strings.h>

#include "base/utf8.h"
#include "disarm/verify/text.h"

static int check_component(struct bytes part)
{
    static const char *const reserved[] = {"con",    "prn",     "aux",   "nul",
                                           "conin$", "conout$", "clock$"};
    if (!part.length || part.length > 255 || part.data[part.length - 1] == '.' ||
        part.data[part.length - 1] == ' ')
        return -1;
    for (size_t i = 0; i < part.length; i++) {
        if (part.data[i] < 0x20 || strchr("<>:\"|?*\\", part.data[i]))
            return -1;
    }
    size_t stem = bytes_find(part, 0, ".");
    stem = stem == SIZE_MAX ? part.length : stem;
    const char *text = (const char *)part.data;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (strlen(reserved[i]) == stem && !strncasecmp(text, reserved[i], stem))
            return -1;
    }
    bool port = stem == 4 && (!strncasecmp(text, "com", 3) || !strncasecmp(text, "lpt", 3));
    return port && text[3] >= '0' && text[3] <= '9' ? -1 : 0;
}

int verify_path(struct bytes path, struct error *error)
{
    if (!path.length || !utf8_valid(path) || verify_characters(path, error))
        return error_set(error, "verify_name", NULL, "%s", "");
    size_t start = 0;
    for (size_t i = 0; i <= path.length; i++) {
        if (i < path.length && path.data[i] != '/')
            continue;
        if (i == path.length && start == i)
            return 0; /* a folder ends in '/' */
        if (check_component(bytes_slice(path, start, i - start)))
            return error_set(error, "verify_name", NULL, "%.*s", (int)path.length,
                             (const char *)path.data);
        start = i + 1;
    }
    return 0;
}

const struct format *verify_claimed_format(struct bytes name)
{
    size_t dot = name.length, count;
    while (dot && name.data[dot - 1] != '.' && name.data[dot - 1] != '/')
        dot--;
    if (!dot || name.data[dot - 1] != '.')
        return NULL;
    struct bytes extension = bytes_slice(name, dot, name.length);
    const struct format *formats = format_all(&count);
    for (size_t i = 0; i < count; i++) {
        for (const char *word = formats[i].extensions; *word;) {
            size_t length = strcspn(word, " ");
            if (length == extension.length &&
                !strncasecmp(word, (const char *)extension.data, length))
                return formats[i].verify ? &formats[i] : NULL;
            word += length + strspn(word + length, " ");
        }
    }
    return NULL;
}
