/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fields of a Word document (ECMA-376 Part 1, 17.16): which may stay, and following them through
 * runs, since one field is spread over many elements.
 */
#ifndef DISARM_FORMAT_OOXML_FIELD_H
#define DISARM_FORMAT_OOXML_FIELD_H

#include "base/buffer.h"

/*
 * True when a field with this code only works with what the document holds, or is a link to
 * http(s), mailto or a bookmark. nested_at is the offset in code where the first field inside the
 * code stood, or SIZE_MAX: a field whose name is put together by other fields is never safe.
 */
bool ooxml_field_safe(struct bytes code, size_t nested_at);

/*
 * The fields that are open at one place of a part. A part is read once with an empty list of bad
 * fields; when the list has grown by the end, it is read again with that list.
 */
struct ooxml_field_tracker {
    struct ooxml_open_field *open; /* innermost last */
    size_t open_count;
    size_t open_capacity;
    uint64_t next; /* ordinal of the next field that begins */
    uint64_t *bad; /* ordinals of fields that must go, ascending */
    size_t bad_count;
    size_t bad_capacity;
    size_t hidden; /* how many open bad fields have us inside their code */
};

/* What to do with the element at hand. */
enum ooxml_field_verdict { OOXML_FIELD_KEEP, OOXML_FIELD_DROP };

/* w:fldChar of type "begin", "separate" or "end" (any other: kept out). */
enum ooxml_field_verdict ooxml_field_char(struct ooxml_field_tracker *tracker, const char *type);

/* A piece of field code (w:instrText). */
void ooxml_field_code(struct ooxml_field_tracker *tracker, struct bytes text);

/* True inside the code of a field that goes: whatever stands there is not written. */
static inline bool ooxml_field_hidden(const struct ooxml_field_tracker *tracker)
{
    return tracker->hidden > 0;
}

/* True when w:instrText here belongs to a field that goes, or to none. */
bool ooxml_field_code_dropped(const struct ooxml_field_tracker *tracker);

/* Judges what was left open at the end of a part and starts over, keeping the list of bad fields.
 */
void ooxml_field_finish(struct ooxml_field_tracker *tracker);

void ooxml_field_free(struct ooxml_field_tracker *tracker);

#endif
