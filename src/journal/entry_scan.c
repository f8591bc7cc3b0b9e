/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pass over the bytes, without memory: names plain and in order, strings in their only form,
 * integers of up to 15 digits. What goes beyond that is left to the parser, which costs ten times
 * as much and gives the reason of a refusal.
 */
#include "journal/entry_scan.h"

#include "base/utf8.h"
#include "journal/entry.h"

enum {
    DEPTH_MAX = 8,
    DIGITS_MAX = 15, /* below 2^53 */
};

struct scan {
    struct bytes rest;                   /* not read yet */
    bool utf8;                           /* a byte above 0x7F was seen */
    uint64_t sequence;                   /* 0: absent */
    struct journal_entry_glance *glance; /* NULL: nobody wants the members */
};

static uint8_t peek(const struct scan *scan)
{
    return scan->rest.length > 0 ? scan->rest.data[0] : 0;
}

static void skip(struct scan *scan, size_t count)
{
    scan->rest.data += count;
    scan->rest.length -= count;
}

static bool take(struct scan *scan, uint8_t byte)
{
    if (scan->rest.length == 0 || scan->rest.data[0] != byte)
        return false;
    skip(scan, 1);
    return true;
}

/* Behind a backslash: the short escapes, and \u00xx for the control characters without one. */
static bool take_escape(struct scan *scan)
{
    uint8_t letter = peek(scan);
    if (letter != 'u') {
        skip(scan, scan->rest.length > 0);
        return letter != 0 && strchr("\"\\bfnrt", letter) != NULL;
    }
    const uint8_t *text = scan->rest.data;
    if (scan->rest.length < 5 || text[1] != '0' || text[2] != '0' ||
        (text[3] != '0' && text[3] != '1') || text[4] == 0 || !strchr("0123456789abcdef", text[4]))
        return false;
    /* \b \t \n \f \r have a short form; \u0000 the parser does not take. */
    bool other = text[3] == '0' && strchr("089acd", text[4]);
    skip(scan, 5);
    return !other;
}

/* A string; its bytes between the quotes are put into *inside. */
static bool take_string(struct scan *scan, struct bytes *inside)
{
    if (!take(scan, '"'))
        return false;
    const uint8_t *start = scan->rest.data;
    while (scan->rest.length > 0) {
        uint8_t byte = scan->rest.data[0];
        skip(scan, 1);
        if (byte == '"') {
            *inside = (struct bytes){start, (size_t)(scan->rest.data - 1 - start)};
            return true;
        }
        if (byte < 0x20 || (byte == '\\' && !take_escape(scan)))
            return false;
        scan->utf8 = scan->utf8 || byte >= 0x80;
    }
    return false;
}

static bool take_integer(struct scan *scan, uint64_t *value)
{
    size_t digits = 0;
    bool negative = take(scan, '-');
    bool zero = peek(scan) == '0';
    for (*value = 0; peek(scan) >= '0' && peek(scan) <= '9'; digits++) {
        *value = *value * 10 + (peek(scan) - '0');
        skip(scan, 1);
        if (digits == DIGITS_MAX)
            return false;
    }
    if (peek(scan) == '.' || peek(scan) == 'e' || peek(scan) == 'E')
        return false;
    return digits > 0 && !(zero && (digits > 1 || negative)) && !negative;
}

/* The name of a member: letters of plain ASCII, greater than the one before. */
static bool take_name(struct scan *scan, struct bytes *name)
{
    struct bytes before = *name;
    if (!take_string(scan, name) || !take(scan, ':'))
        return false;
    for (size_t i = 0; i < name->length; i++)
        if (name->data[i] == '\\' || name->data[i] >= 0x80)
            return false;
    if (!before.data)
        return true;
    size_t shorter = before.length < name->length ? before.length : name->length;
    int order = memcmp(before.data, name->data, shorter);
    return order < 0 || (order == 0 && before.length < name->length);
}

static bool take_value(struct scan *scan, unsigned depth);

static bool take_members(struct scan *scan, unsigned depth)
{
    struct bytes name = {NULL, 0};
    do {
        if (!take_name(scan, &name) || !take_value(scan, depth))
            return false;
    } while (take(scan, ','));
    return take(scan, '}');
}

static bool take_items(struct scan *scan, unsigned depth)
{
    do {
        if (!take_value(scan, depth))
            return false;
    } while (take(scan, ','));
    return take(scan, ']');
}

static bool take_value(struct scan *scan, unsigned depth)
{
    struct bytes inside;
    uint64_t number;
    if (depth == DEPTH_MAX)
        return false;
    switch (peek(scan)) {
    case '{':
        skip(scan, 1);
        return take(scan, '}') || take_members(scan, depth + 1);
    case '[':
        skip(scan, 1);
        return take(scan, ']') || take_items(scan, depth + 1);
    case '"':
        return take_string(scan, &inside);
    default:
        return take_integer(scan, &number);
    }
}

/* {"tokyo":"…","utc":"…"} */
static bool take_time(struct scan *scan)
{
    struct bytes name = {NULL, 0}, tokyo, utc;
    bool taken = take(scan, '{') && take_name(scan, &name) && bytes_equal_string(name, "tokyo") &&
                 take_string(scan, &tokyo) && take(scan, ',') && take_name(scan, &name) &&
                 bytes_equal_string(name, "utc") && take_string(scan, &utc) && take(scan, '}');
    if (taken && scan->glance)
        scan->glance->utc = utc;
    return taken;
}

/* Where a member is wanted; NULL: nowhere. */
static struct bytes *wanted_place(struct journal_entry_glance *glance, struct bytes name)
{
    if (!glance)
        return NULL;
    if (bytes_equal_string(name, "action"))
        return &glance->action;
    if (bytes_equal_string(name, "actor"))
        return &glance->actor;
    if (bytes_equal_string(name, "object"))
        return &glance->object;
    return bytes_equal_string(name, "reason") ? &glance->reason : NULL;
}

enum { NEEDED_ACTION = 1, NEEDED_SCHEMA = 2, NEEDED_TIME = 4, NEEDED_ALL = 7 };

/* The first byte of each member's value. */
static const struct {
    const char *name;
    uint8_t start;
} members[] = {
    {"action", '"'}, {"actor", '"'},  {"clause", '"'},   {"facts", '{'},
    {"object", '"'}, {"origin", '{'}, {"personal", '['}, {"reason", '"'},
    {"schema", '"'}, {"seen", '"'},   {"sequence", 0},   {"time", '{'},
};

static bool is_member(struct bytes name, uint8_t start)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (bytes_equal_string(name, members[i].name))
            return members[i].start == start || members[i].start == 0;
    return false;
}

static bool take_member(struct scan *scan, struct bytes *name, unsigned *needed)
{
    struct bytes inside, *wanted;
    if (!take_name(scan, name) || !is_member(*name, peek(scan)))
        return false;
    if (bytes_equal_string(*name, "sequence"))
        return take_integer(scan, &scan->sequence);
    if (bytes_equal_string(*name, "time")) {
        *needed |= NEEDED_TIME;
        return take_time(scan);
    }
    if (bytes_equal_string(*name, "schema")) {
        *needed |= NEEDED_SCHEMA;
        return take_string(scan, &inside) && bytes_equal_string(inside, JOURNAL_ENTRY_SCHEMA);
    }
    if (bytes_equal_string(*name, "action"))
        *needed |= NEEDED_ACTION;
    wanted = wanted_place(scan->glance, *name);
    if (!wanted)
        return take_value(scan, 1);
    return take_string(scan, wanted) && !memchr(wanted->data, '\\', wanted->length);
}

static bool take_entry(struct scan *scan)
{
    const struct bytes whole = scan->rest;
    struct bytes name = {NULL, 0};
    unsigned needed = 0;
    if (!take(scan, '{'))
        return false;
    do {
        if (!take_member(scan, &name, &needed))
            return false;
    } while (take(scan, ','));
    return take(scan, '}') && scan->rest.length == 0 && needed == NEEDED_ALL &&
           (!scan->utf8 || utf8_valid(whole));
}

bool entry_scan(struct bytes bytes, uint64_t *sequence)
{
    struct scan scan = {.rest = bytes};
    bool canonical = take_entry(&scan);
    *sequence = scan.sequence;
    return canonical;
}

bool journal_entry_glance(struct bytes bytes, struct journal_entry_glance *glance)
{
    struct scan scan = {.rest = bytes, .glance = glance};
    *glance = (struct journal_entry_glance){0};
    return take_entry(&scan);
}
