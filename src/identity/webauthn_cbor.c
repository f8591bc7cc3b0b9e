/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CBOR (RFC 8949) of an attestation object: three members of a map, definite lengths only. */
#include "base/cursor.h"
#include "base/error.h"
#include "identity/webauthn.h"

enum {
    MAJOR_UNSIGNED,
    MAJOR_NEGATIVE,
    MAJOR_BYTES,
    MAJOR_TEXT,
    MAJOR_ARRAY,
    MAJOR_MAP,
    MAJOR_TAG,
    MAJOR_SIMPLE,
};

#define DEPTH_MOST 8
#define ITEMS_MOST 256 /* in one object, all levels together */

/* Takes the head of an item: its major type and its argument. */
static unsigned take_head(struct cursor *cursor, uint64_t *argument)
{
    uint8_t first = cursor_u8(cursor);
    unsigned size = first & 31;
    if (size < 24)
        *argument = size;
    else if (size == 24)
        *argument = cursor_u8(cursor);
    else if (size == 25)
        *argument = cursor_u16be(cursor);
    else if (size == 26)
        *argument = cursor_u32be(cursor);
    else if (size == 27)
        *argument = cursor_u64be(cursor);
    else
        cursor_fail(cursor); /* indefinite lengths: CTAP2's form does not have them */
    return first >> 5;
}

/* Takes the content of a byte or text string. */
static struct bytes take_string(struct cursor *cursor, unsigned wanted)
{
    uint64_t length = 0;
    if (take_head(cursor, &length) != wanted || length > cursor_remaining(cursor))
        cursor_fail(cursor);
    return cursor_take(cursor, cursor->failed ? 0 : (size_t)length);
}

/* Goes past one item whatever it is. */
static void skip_item(struct cursor *cursor, unsigned depth, unsigned *items)
{
    uint64_t argument = 0;
    unsigned major = take_head(cursor, &argument);
    if (depth > DEPTH_MOST || ++*items > ITEMS_MOST) {
        cursor_fail(cursor);
    } else if (major == MAJOR_BYTES || major == MAJOR_TEXT) {
        if (argument > cursor_remaining(cursor))
            cursor_fail(cursor);
        else
            cursor_skip(cursor, (size_t)argument);
    } else if (major == MAJOR_ARRAY || major == MAJOR_MAP) {
        for (uint64_t i = 0; i < argument && !cursor->failed; i++) {
            skip_item(cursor, depth + 1, items);
            if (major == MAJOR_MAP)
                skip_item(cursor, depth + 1, items);
        }
    } else if (major == MAJOR_TAG) {
        cursor_fail(cursor);
    }
}

/* Takes one item as a view of its bytes. */
static struct bytes take_item(struct cursor *cursor)
{
    unsigned items = 0;
    size_t start = cursor->position;
    skip_item(cursor, 0, &items);
    return cursor->failed ? (struct bytes){NULL, 0}
                          : bytes_slice(cursor->bytes, start, cursor->position - start);
}

int webauthn_attestation_read(struct bytes object, struct webauthn_attestation *attestation,
                              struct error *error)
{
    struct cursor cursor = cursor_open(object);
    uint64_t members = 0;
    *attestation = (struct webauthn_attestation){0};
    if (take_head(&cursor, &members) != MAJOR_MAP || members != 3)
        cursor_fail(&cursor);
    for (uint64_t i = 0; i < members && !cursor.failed; i++) {
        struct bytes name = take_string(&cursor, MAJOR_TEXT);
        if (bytes_equal_string(name, "fmt"))
            attestation->format = take_string(&cursor, MAJOR_TEXT);
        else if (bytes_equal_string(name, "attStmt"))
            attestation->statement = take_item(&cursor);
        else if (bytes_equal_string(name, "authData"))
            attestation->data = take_string(&cursor, MAJOR_BYTES);
        else
            cursor_fail(&cursor);
    }
    if (!cursor_at_end(&cursor) || attestation->format.length == 0 ||
        attestation->statement.length == 0 || attestation->data.length == 0)
        return error_set(error, "factor_format", "attestationObject", "%s", "");
    return 0;
}
