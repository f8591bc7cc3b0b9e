/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing checkpoints (C2SP tlog-checkpoint). */
#include "journal/checkpoint.h"

#include <inttypes.h>

#include "base/cursor.h"
#include "base/utf8.h"
#include "journal/base64.h"

bool checkpoint_parse_number(struct bytes text, uint64_t *value)
{
    *value = 0;
    if (text.length == 0 || (text.data[0] == '0' && text.length > 1))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        unsigned digit = text.data[i] - '0';
        if (*value > ((uint64_t)INT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return true;
}

bool checkpoint_parse_hash(struct bytes text, struct merkle_hash *hash)
{
    return base64_decode(text, hash->bytes, sizeof hash->bytes) == sizeof hash->bytes;
}

void checkpoint_append_hash(struct buffer *out, const struct merkle_hash *hash)
{
    base64_append(out, (struct bytes){hash->bytes, sizeof hash->bytes});
}

void checkpoint_append_text(struct buffer *out, const struct checkpoint *checkpoint)
{
    buffer_append_bytes(out, checkpoint->origin);
    buffer_append_format(out, "\n%" PRIu64 "\n", checkpoint->size);
    checkpoint_append_hash(out, &checkpoint->root);
    buffer_append_byte(out, '\n');
}

static int bad_checkpoint(struct error *error, const char *where, const char *what)
{
    return error_set(error, "journal_bad_checkpoint", where, "%s", what);
}

/* A line up to its newline; a carriage return stays in it, and so is refused later. */
static struct bytes take_line(struct cursor *cursor)
{
    size_t end = bytes_find(cursor->bytes, cursor->position, "\n");
    struct bytes line = {NULL, 0};
    if (cursor->failed || end == SIZE_MAX)
        cursor_fail(cursor);
    else
        line = cursor_take(cursor, end - cursor->position);
    cursor_skip(cursor, 1);
    return line;
}

int checkpoint_parse_text(struct bytes text, struct checkpoint *checkpoint, const char *where,
                          struct error *error)
{
    struct cursor cursor = cursor_open(text);
    checkpoint->origin = take_line(&cursor);
    if (checkpoint->origin.length == 0 || !utf8_valid(checkpoint->origin))
        return bad_checkpoint(error, where, "origin");
    if (!checkpoint_parse_number(take_line(&cursor), &checkpoint->size))
        return bad_checkpoint(error, where, "size");
    if (!checkpoint_parse_hash(take_line(&cursor), &checkpoint->root))
        return bad_checkpoint(error, where, "root");
    while (!cursor_at_end(&cursor)) {
        if (take_line(&cursor).length == 0)
            return bad_checkpoint(error, where, "extension line");
    }
    return 0;
}

int checkpoint_parse(struct bytes bytes, struct note *note, struct checkpoint *checkpoint,
                     const char *where, struct error *error)
{
    if (note_parse(bytes, note, where, error) < 0)
        return -1;
    return checkpoint_parse_text(note->text, checkpoint, where, error);
}
