/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration file: `name = value`, and sections [zone id] and [folder id]. */
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

enum { FILE_MOST = 1 << 20, QUIET = 5 };

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

static bool take_truth(bool *truth, struct bytes value)
{
    *truth = bytes_equal_string(value, "yes");
    return *truth || bytes_equal_string(value, "no");
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
    if (setting->kind == SERVE_KIND_PATH && !bytes_start_with(value, "/"))
        return "/PATH";
    if (setting->kind == SERVE_KIND_TRUTH)
        return take_truth((void *)field, value) ? NULL : "yes, no";
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

/* Where the lines that follow belong. */
struct place {
    const struct serve_setting *list;
    void *into;
};

/* The id in "[word id]"; what is wrong with it, or NULL. */
static const char *take_id(struct bytes line, const char *word, char *id, size_t size)
{
    struct bytes found = trim(bytes_slice(line, strlen(word), line.length - strlen(word) - 1));
    for (size_t i = 0; i < found.length; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", found.data[i]))
            return "a-z 0-9 -";
    return found.length && copy(id, size, found) ? NULL : "[zone id], [folder id]";
}

static const char *start_zone(struct serve_settings *settings, struct bytes line,
                              struct place *place)
{
    if (settings->zone_count == SERVE_ZONES)
        return "too many zones";
    struct serve_zone *zone = &settings->zones[settings->zone_count];
    const char *wrong = take_id(line, "[zone ", zone->id, sizeof zone->id);
    for (unsigned i = 0; !wrong && i < settings->zone_count; i++)
        if (!strcmp(settings->zones[i].id, zone->id))
            wrong = "this zone stands twice";
    utf8_copy(zone->name, sizeof zone->name, zone->id);
    settings->zone_count++;
    *place = (struct place){serve_of_zone, zone};
    return wrong;
}

static const char *start_folder(struct serve_settings *settings, struct bytes line,
                                struct place *place)
{
    if (settings->folder_count == SERVE_FOLDERS)
        return "too many folders";
    struct gate_folder *folder = &settings->folders[settings->folder_count];
    const char *wrong = take_id(line, "[folder ", folder->name, sizeof folder->name);
    for (unsigned i = 0; !wrong && i < settings->folder_count; i++)
        if (!strcmp(settings->folders[i].name, folder->name))
            wrong = "this folder stands twice";
    folder->quiet = QUIET;
    settings->folder_count++;
    *place = (struct place){serve_of_folder, folder};
    return wrong;
}

static const char *start_section(struct serve_settings *settings, struct bytes line,
                                 struct place *place)
{
    bool whole = line.data[line.length - 1] == ']';
    if (whole && bytes_start_with(line, "[zone "))
        return start_zone(settings, line, place);
    if (whole && bytes_start_with(line, "[folder "))
        return start_folder(settings, line, place);
    return "[zone id], [folder id]";
}

static const char *take_line(struct serve_settings *settings, struct bytes line,
                             struct place *place)
{
    if (!line.length || *line.data == '#')
        return NULL;
    if (!utf8_valid(line))
        return "UTF-8";
    return *line.data == '[' ? start_section(settings, line, place)
                             : take_setting(place->list, place->into, line);
}

/* What a folder lacks, or NULL. */
static const char *check_folder(const struct gate_folder *folder)
{
    const struct {
        const char *name, *value;
    } needed[] = {{"path", folder->path},
                  {"output", folder->output},
                  {"owner", folder->owner},
                  {"source", folder->source},
                  {"destination", folder->destination},
                  {"classification", folder->classification},
                  {"purpose", folder->purpose}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!*needed[i].value)
            return needed[i].name;
    return !strcmp(folder->path, folder->output) ? "path, output" : NULL;
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
    for (unsigned i = 0; i < settings->folder_count; i++) {
        const char *missing = check_folder(&settings->folders[i]);
        if (missing)
            return missing;
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
    struct place place = {serve_general, settings};
    unsigned number = 0;
    while (!wrong && cursor_remaining(&cursor)) {
        number++;
        wrong = take_line(settings, trim(cursor_line(&cursor)), &place);
    }
    if (!wrong)
        wrong = check_whole(settings);
    buffer_append_format(&where, "%s:%u", path, number);
    return wrong ? error_set(error, "config_bad", buffer_string(&where), "%s", wrong) : 0;
}
