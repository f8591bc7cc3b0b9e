/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares paths with the patterns of a table. */
#include "web/router.h"

#include <string.h>

/* A decimal number of at most 18 digits without a leading zero at *text; moves behind it. */
static bool take_number(const char **text, int64_t *number)
{
    const char *at = *text;
    int64_t value = 0;
    if (*at < '1' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (at - *text == 18)
            return false;
        value = value * 10 + (*at - '0');
    }
    *text = at;
    *number = value;
    return true;
}

/* Whether the path is of the pattern; fills what its wild parts stand for. */
static bool matches(const char *pattern, const char *path, struct route_match *match)
{
    size_t parameter = 0;
    while (*pattern) {
        if (*pattern == '*') {
            match->rest = path;
            return *path && !strchr(path, '/');
        }
        if (pattern[0] == '{' && pattern[1] == '}') {
            if (parameter == ROUTE_PARAMETERS || !take_number(&path, &match->numbers[parameter++]))
                return false;
            pattern += 2;
            continue;
        }
        if (*pattern++ != *path++)
            return false;
    }
    return !*path;
}

struct route_match router_find(const struct route *routes, size_t count, const char *method,
                               const char *path)
{
    struct route_match found = {0};
    if (!strcmp(method, "HEAD"))
        method = "GET";
    for (size_t i = 0; i < count; i++) {
        struct route_match match = {0};
        if (!matches(routes[i].pattern, path, &match))
            continue;
        if (!strcmp(routes[i].method, method)) {
            match.route = &routes[i];
            return match;
        }
        found.other_method = true;
    }
    return found;
}
