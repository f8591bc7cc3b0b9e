/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader's own XML scanner. It knows elements, attributes and text in the one form that
 * our writers make; comments, processing instructions, CDATA, document types, single quotes and
 * entities other than the few that are written are errors.
 */
#ifndef DISARM_VERIFY_MARKUP_H
#define DISARM_VERIFY_MARKUP_H

#include "base/buffer.h"

enum markup_event {
    MARKUP_START,
    MARKUP_END,
    MARKUP_TEXT,
    MARKUP_DONE,
    MARKUP_BAD,
};

struct markup_attribute {
    struct bytes name;
    struct bytes value; /* as written, with references */
};

struct markup {
    struct bytes xml; /* borrowed */
    size_t at;
    struct bytes name; /* of the element that starts or ends */
    struct markup_attribute *attributes;
    size_t attribute_count;
    struct bytes text;   /* as written, with references */
    struct bytes *stack; /* names of open elements */
    size_t depth;        /* the element that starts or ends counts */
    bool closing;        /* <name/>: an end follows the start */
    bool pop;            /* the event before was an end */
    size_t attribute_room, stack_room;
};

/* A scanner at the start of xml; declaration: the XML declaration must be there, else must not. */
bool markup_open(struct markup *markup, struct bytes xml, bool declaration);
void markup_close(struct markup *markup);

/* The next event. MARKUP_BAD stays. MARKUP_DONE comes behind the root element at the last byte. */
enum markup_event markup_next(struct markup *markup);

/* The value of an attribute of the element that just started; data NULL when it has none. */
struct bytes markup_attribute(const struct markup *markup, const char *name);

/* Appends text or a value with its references resolved. */
void markup_decode(struct buffer *out, struct bytes written);

#endif
