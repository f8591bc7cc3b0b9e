/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration file: `name = value`, and a section [zone id] for each zone. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/cursor.h"
#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "command/serve.h"
#include "identity/directory.h"
#include "journal/checkpoint.h"

enum { FILE_MOST = 1 << 20 };

static struct bytes trim(struct bytes text)
{
    while (text.length && (*text.data == ' ' || *text.data == '\t'))
        text = bytes_slice(text, 1, SIZE_MAX);
    while (text.length && (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t'))
        text.length--;
    return text;
}

/* Copies into a field of `size` bytes; false when it does not fit. */
static bool copy(char *to, size_t size, struct bytes text)
{
    if (text.length >= size)
        return false;
    if (text.length)
        memcpy(to, text.data, text.length);
    to[text.length] = '\0';
    return true;
}

/* ADDRESS:PORT; an IPv6 address stands in brackets. */
static bool take_listen(struct serve_zone *zone, struct bytes value)
{
    uint8_t address[16];
    uint64_t port;
    size_t colon = value.length;
    while (colon > 0 && value.data[colon - 1] != ':')
        colon--;
    if (colon == 0 || !checkpoint_parse_number(bytes_slice(value, colon, SIZE_MAX), &port) ||
        port > 65535)
        return false;
    struct bytes host = bytes_slice(value, 0, colon - 1);
    bool six = host.length > 2 && *host.data == '[' && host.data[host.length - 1] == ']';
    if (six)
        host = bytes_slice(host, 1, host.length - 2);
    zone->port = (unsigned)port;
    return copy(zone->host, sizeof zone->host, host) &&
           inet_pton(six ? AF_INET6 : AF_INET, zone->host, address) == 1;
}

/* /path/of/socket or 127.0.0.1:PORT */
static bool is_scanner(struct bytes value)
{
    static const char loopback[] = "127.0.0.1:";
    uint64_t port;
    if (bytes_start_with(value, "/"))
        return value.length < sizeof((struct sockaddr_un *)0)->sun_path;
    return bytes_start_with(value, loopback) &&
           checkpoint_parse_number(bytes_slice(value, sizeof loopback - 1, SIZE_MAX), &port) &&
           port >= 1 && port <= 65535;
}

static bool is_address(struct bytes value)
{
    uint8_t address[16];
    char text[65];
    return copy(text, sizeof text, value) &&
           (inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1);
}

/* What is wrong with a value, in a word for the message, or NULL. */
static const char *take_value(const struct serve_setting *setting, void *into, struct bytes value)
{
    uint64_t number;
    char *field = (char *)into + setting->offset;
    if (setting->kind == SERVE_KIND_LISTEN)
        return take_listen(into, value) ? NULL : "ADDRESS:PORT";
    if (setting->kind == SERVE_KIND_SCANNER && !is_scanner(value))
        return "/PATH, 127.0.0.1:PORT";
    if (setting->kind == SERVE_KIND_ADDRESS && !is_address(value))
        return "ADDRESS";
    if (setting->kind != SERVE_KIND_NUMBER)
        return copy(field, setting->size, value) ? NULL : "too long";
    if (!checkpoint_parse_number(value, &number) || number < setting->least ||
        number > setting->most)
        return "out of range";
    *(unsigned *)(void *)field = (unsigned)number;
    return NULL;
}

static const char *take_setting(const struct serve_setting *list, void *into, struct bytes line)
{
    size_t equals = bytes_find(line, 0, "=");
    if (equals == SIZE_MAX)
        return "name = value";
    struct bytes name = trim(bytes_slice(line, 0, equals));
    for (; list->name; list++)
        if (bytes_equal_string(name, list->name))
            return take_value(list, into, trim(bytes_slice(line, equals + 1, SIZE_MAX)));
    return "unknown name";
}

/* [zone id] */
static const char *start_zone(struct serve_settings *settings, struct bytes line)
{
    if (settings->zone_count == SERVE_ZONES)
        return "too many zones";
    if (!bytes_start_with(line, "[zone ") || line.data[line.length - 1] != ']')
        return "[zone id]";
    struct serve_zone *zone = &settings->zones[settings->zone_count];
    struct bytes id = trim(bytes_slice(line, 6, line.length - 7));
    for (size_t i = 0; i < id.length; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", id.data[i]))
            return "a-z 0-9 -";
    if (!id.length || !copy(zone->id, sizeof zone->id, id))
        return "[zone id]";
    for (unsigned i = 0; i < settings->zone_count; i++)
        if (!strcmp(settings->zones[i].id, zone->id))
            return "this zone stands twice";
    copy(zone->name, sizeof zone->name, id);
    settings->zone_count++;
    return NULL;
}

static const char *take_line(struct serve_settings *settings, struct bytes line)
{
    if (!line.length || *line.data == '#')
        return NULL;
    if (!utf8_valid(line))
        return "UTF-8";
    if (*line.data == '[')
        return start_zone(settings, line);
    if (settings->zone_count)
        return take_setting(serve_of_zone, &settings->zones[settings->zone_count - 1], line);
    return take_setting(serve_general, settings, line);
}

/* What is missing in the whole, or NULL. */
static const char *check_whole(const struct serve_settings *settings)
{
    if (!settings->zone_count)
        return "[zone id]";
    const struct directory_options ldap = {settings->ldap_address, settings->ldap_name,
                                           settings->ldap_authority};
    const char *wrong = *settings->ldap_address ? directory_wrong(&ldap) : NULL;
    if (wrong)
        return wrong;
    for (unsigned i = 0; i < settings->zone_count; i++) {
        const struct serve_zone *zone = &settings->zones[i];
        if (!*zone->host)
            return "listen = ADDRESS:PORT";
        if (!*zone->certificate != !*zone->key)
            return "certificate, key";
    }
    return NULL;
}

int serve_config_read(const char *path, struct serve_settings *settings, struct error *error)
{
    AUTO_BUFFER bytes = {0}, where = {0};
    if (file_read(path, FILE_MOST, &bytes, error) != 0)
        return -1;
    struct cursor cursor = cursor_open(buffer_bytes(&bytes));
    const char *wrong = NULL;
    unsigned number = 0;
    while (!wrong && cursor_remaining(&cursor)) {
        number++;
        wrong = take_line(settings, trim(cursor_line(&cursor)));
    }
    if (!wrong)
        wrong = check_whole(settings);
    buffer_append_format(&where, "%s:%u", path, number);
    return wrong ? error_set(error, "config_bad", buffer_string(&where), "%s", wrong) : 0;
}
