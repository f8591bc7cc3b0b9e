/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling a struct error; text that is too long is cut where a UTF-8 character ends. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Takes back the bytes of a character that vsnprintf cut in the middle. */
static void drop_partial_character(char *text, size_t size)
{
    size_t end = strnlen(text, size);
    if (end + 1 < size)
        return;
    size_t start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0)
        text[start - 1] = '\0';
}

int error_set(struct error *error, const char *code, const char *where, const char *detail, ...)
{
    if (!error)
        return -1;
    error->code = code;
    snprintf(error->where, sizeof error->where, "%s", where ? where : "");
    drop_partial_character(error->where, sizeof error->where);
    va_list arguments;
    va_start(arguments, detail);
    vsnprintf(error->detail, sizeof error->detail, detail, arguments);
    va_end(arguments);
    drop_partial_character(error->detail, sizeof error->detail);
    return -1;
}

int error_set_errno(struct error *error, const char *code, const char *where)
{
    return error_set(error, code, where, "%s", strerrordesc_np(errno));
}
