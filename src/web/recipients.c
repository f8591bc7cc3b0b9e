/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/recipients.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "identity/people.h"

enum { NEAR = 100, ALIKE = 300 };

static const char BLANKS[] = " \t";

/* Where the next separator stands and how long it is; at the end of the text its length is 0. */
static const char *separator_in(const char *text, size_t *length)
{
    static const char *const separators[] = {"、", "，", ",", ";", "\r", "\n"};
    const char *first = text + strlen(text);
    *length = 0;
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        const char *found = strstr(text, separators[i]);
        if (found && found < first) {
            first = found;
            *length = strlen(separators[i]);
        }
    }
    return first;
}

/* Compares names without their blanks, narrow or wide. */
static bool same_name(const char *a, const char *b)
{
    static const char wide[] = "　";
    for (;;) {
        while (*a == ' ' || !strncmp(a, wide, 3))
            a += *a == ' ' ? 1 : 3;
        while (*b == ' ' || !strncmp(b, wide, 3))
            b += *b == ' ' ? 1 : 3;
        if (*a != *b || !*a)
            return *a == *b;
        a++;
        b++;
    }
}

/* The one person of a name; 0: nobody or several. -1 with the error. */
static int64_t find_name(struct web_request *request, const char *name, struct error *error)
{
    AUTO_FREE struct identity_person *list = memory_allocate(ALIKE, sizeof *list);
    AUTO_BUFFER first = {0};
    size_t count = 0, alike = 0;
    int64_t person = 0;
    size_t length = 0;
    utf8_take(bytes_of_string(name), &length);
    buffer_append(&first, name, length); /* blanks may be missing: the first letter is there */
    const struct identity_person_page page = {.search = buffer_string(&first), .now = request->now};
    if (identity_person_list(request->store, &page, list, ALIKE, &count, error))
        return -1;
    for (size_t i = 0; i < count; i++)
        if (same_name(list[i].name, name)) {
            person = list[i].id;
            alike++;
        }
    return alike == 1 && count < ALIKE ? person : 0;
}

/* Adds one person; a login goes before a name. 0, 1: nobody is called that, -1. */
static int add_one(struct web_request *request, const char *text, int64_t *people, size_t *count,
                   struct error *error)
{
    struct identity_person person;
    struct error unknown = {0};
    int64_t id = 0;
    if (*count == GATE_RECIPIENTS_MOST)
        return 1;
    if (identity_person_read(request->store, 0, text, &person, &unknown) == 0)
        id = person.id;
    else if (strcmp(unknown.code, "identity_unknown") != 0)
        return error_set(error, unknown.code, unknown.where, "%s", unknown.detail);
    else if ((id = find_name(request, text, error)) < 0)
        return -1;
    if (!id)
        return 1;
    people[(*count)++] = id;
    return 0;
}

/* Adds what stands between two separators: one name, or logins with blanks between them. */
static int add_piece(struct web_request *request, const char *piece, int64_t *people, size_t *count,
                     struct error *error)
{
    int found = add_one(request, piece, people, count, error);
    if (found != 1)
        return found;
    if (!piece[strcspn(piece, BLANKS)])
        return error_set(error, "send_recipient", NULL, "%s", piece);
    for (const char *at = piece; *(at += strspn(at, BLANKS)); at += strcspn(at, BLANKS)) {
        AUTO_BUFFER login = {0};
        buffer_append(&login, at, strcspn(at, BLANKS));
        found = add_one(request, buffer_string(&login), people, count, error);
        if (found < 0)
            return -1;
        if (found)
            return error_set(error, "send_recipient", NULL, "%s", piece);
    }
    return 0;
}

int recipients_find(struct web_request *request, const char *text,
                    int64_t people[GATE_RECIPIENTS_MOST], size_t *count, struct error *error)
{
    *count = 0;
    while (*text) {
        size_t skip;
        const char *end = separator_in(text, &skip), *from = text + strspn(text, BLANKS);
        AUTO_BUFFER piece = {0};
        while (end > from && strchr(BLANKS, end[-1]))
            end--;
        if (end > from)
            buffer_append(&piece, from, (size_t)(end - from));
        if (piece.length && add_piece(request, buffer_string(&piece), people, count, error))
            return -1;
        text = separator_in(text, &skip) + skip;
    }
    if (!*count)
        people[(*count)++] = request->session.person;
    return 0;
}

json_t *recipients_near(struct web_request *request, struct error *error)
{
    AUTO_FREE struct identity_person *list = memory_allocate(NEAR, sizeof *list);
    const struct identity_person_page page = {.department = request->session.department,
                                              .now = request->now};
    size_t count = 0;
    if (identity_person_list(request->store, &page, list, NEAR, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows,
                              json_pack("{ss ss}", "login", list[i].login, "name", list[i].name));
    return rows;
}
