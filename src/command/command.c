/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Language and plain output of all subcommands. */
#include "command/command.h"

#include <stdlib.h>

#include "base/utf8.h"

enum language command_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "en", 2) ? LANGUAGE_JA : LANGUAGE_EN;
    }
    return LANGUAGE_JA;
}

bool command_parse_language(const char *text, enum language *language)
{
    bool english = !strcmp(text, "en");
    *language = english ? LANGUAGE_EN : LANGUAGE_JA;
    return english || !strcmp(text, "ja");
}

static void write_line(FILE *to, struct buffer *line)
{
    buffer_append_byte(line, '\n');
    fwrite(line->data, 1, line->length, to);
}

void command_say(FILE *to, enum language language, const char *key,
                 const struct message_value *values, size_t count)
{
    AUTO_BUFFER line = {0};
    message_append(&line, language, key, values, count);
    write_line(to, &line);
}

void command_say_error(FILE *to, enum language language, const struct error *error)
{
    AUTO_BUFFER sentence = {0}, line = {0};
    message_append_error(&sentence, language, error);
    command_append_plain(&line, buffer_string(&sentence));
    write_line(to, &line);
}

void command_append_plain(struct buffer *out, const char *text)
{
    AUTO_BUFFER clean = {0};
    utf8_append_clean(&clean, bytes_of_string(text));
    struct bytes rest = buffer_bytes(&clean);
    while (rest.length) {
        uint32_t point;
        size_t length = utf8_decode(rest, &point);
        bool control = point < 0x20 || (point >= 0x7F && point < 0xA0) ||
                       (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
        utf8_append(out, control ? UTF8_REPLACEMENT : point);
        rest = bytes_slice(rest, length, SIZE_MAX);
    }
}
