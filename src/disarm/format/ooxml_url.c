/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses, places and slide show actions, by what they begin with. */
#include "disarm/format/ooxml_url.h"

#include <strings.h>

enum { URL_MAXIMUM = 8192 };

static bool starts_with_fold(struct bytes text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.length >= length && strncasecmp((const char *)text.data, prefix, length) == 0;
}

static bool has_control(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    }
    return false;
}

bool ooxml_url_safe(struct bytes url)
{
    if (url.length > URL_MAXIMUM || has_control(url))
        return false;
    if (starts_with_fold(url, "mailto:"))
        return true;
    size_t host = starts_with_fold(url, "http://") ? 7 : starts_with_fold(url, "https://") ? 8 : 0;
    return host && url.length > host && url.data[host] != '/' && url.data[host] != '\\';
}

bool ooxml_location_safe(struct bytes location)
{
    if (has_control(location))
        return false;
    for (size_t i = 0; i < location.length; i++) {
        if (strchr("|\\/[]<>", location.data[i]))
            return false;
    }
    return true;
}

bool ooxml_action_safe(struct bytes action)
{
    static const char *const safe[] = {"ppaction://hlinkshowjump", "ppaction://hlinksldjump",
                                       "ppaction://noaction", "ppaction://customshow"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++) {
        size_t length = strlen(safe[i]);
        if (starts_with_fold(action, safe[i]) &&
            (action.length == length || action.data[length] == '?'))
            return !has_control(action);
    }
    return action.length == 0;
}
