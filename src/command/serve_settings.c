/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of `sekisho serve` as tables, and how they are told to the children. */
#include <stddef.h>

#include "base/error.h"
#include "base/ipc.h"
#include "command/serve.h"

#define FIELD(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member)
#define TEXT(type, member)  #member, SERVE_KIND_TEXT, FIELD(type, member), 0, 0
#define NUMBER(type, member, least, most)                                                          \
#member, SERVE_KIND_NUMBER, FIELD(type, member), least, most

const struct serve_setting serve_general[] = {
    {NUMBER(serve_settings, connections, 8, 10000)},
    {NUMBER(serve_settings, connections_per_address, 1, 10000)},
    {TEXT(serve_settings, directory)},
    {TEXT(serve_settings, ldap_address)},
    {TEXT(serve_settings, ldap_authority)},
    {TEXT(serve_settings, ldap_name)},
    {NUMBER(serve_settings, log_requests, 0, 1)},
    {"proxy", SERVE_KIND_ADDRESS, FIELD(serve_settings, proxy), 0, 0},
    {NUMBER(serve_settings, requests_per_second, 1, 100000)},
    {"scanner", SERVE_KIND_SCANNER, FIELD(serve_settings, scanner), 0, 0},
    {NUMBER(serve_settings, threads, 2, 64)},
    {NUMBER(serve_settings, workers, 1, 256)},
    {NULL, 0, 0, 0, 0, 0},
};

const struct serve_setting serve_of_zone[] = {
    {TEXT(serve_zone, banner)}, {TEXT(serve_zone, certificate)},
    {TEXT(serve_zone, key)},    {"listen", SERVE_KIND_LISTEN, 0, 0, 0, 0},
    {TEXT(serve_zone, name)},   {TEXT(serve_zone, origin)},
    {NULL, 0, 0, 0, 0, 0},
};

void serve_settings_start(struct serve_settings *settings)
{
    *settings = (struct serve_settings){
        .threads = 4,
        .connections = 512,
        .connections_per_address = 128,
        .requests_per_second = 50,
        .log_requests = 1,
    };
    for (size_t i = 0; i < SERVE_ZONES; i++)
        settings->zones[i].listening = -1;
}

/* ---- to the children: a frame for the general settings, and one for each zone ---- */

static void put_fields(struct buffer *message, const struct serve_setting *list, const void *from)
{
    for (; list->name; list++) {
        const char *field = (const char *)from + list->offset;
        if (list->kind == SERVE_KIND_NUMBER)
            ipc_put_u32(message, *(const unsigned *)(const void *)field);
        else if (list->kind != SERVE_KIND_LISTEN) /* the socket is open already */
            ipc_put_string(message, field);
    }
}

static void take_fields(struct ipc_reader *reader, const struct serve_setting *list, void *into)
{
    for (; list->name; list++) {
        char *field = (char *)into + list->offset;
        if (list->kind == SERVE_KIND_NUMBER)
            *(unsigned *)(void *)field = ipc_take_u32(reader);
        else if (list->kind != SERVE_KIND_LISTEN)
            ipc_take_text(reader, field, list->size);
    }
}

int serve_settings_send(const struct serve_settings *settings, int socket, struct error *error)
{
    AUTO_BUFFER message = {0};
    put_fields(&message, serve_general, settings);
    ipc_put_string(&message, settings->organization);
    ipc_put_u32(&message, settings->zone_count);
    int result = ipc_send(socket, buffer_bytes(&message), NULL, 0, error);
    for (unsigned i = 0; i < settings->zone_count && result == 0; i++) {
        const struct serve_zone *zone = &settings->zones[i];
        message.length = 0;
        ipc_put_string(&message, zone->id);
        put_fields(&message, serve_of_zone, zone);
        result = ipc_send(socket, buffer_bytes(&message), NULL, 0, error);
    }
    return result;
}

static int receive_zone(struct serve_zone *zone, int socket, struct error *error)
{
    struct ipc_frame frame = {0};
    int result = ipc_receive(socket, &frame, error) == 1 ? 0 : -1;
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame.message));
    zone->listening = -1;
    ipc_take_text(&reader, zone->id, sizeof zone->id);
    take_fields(&reader, serve_of_zone, zone);
    if (!ipc_finished(&reader))
        result = -1;
    ipc_frame_clear(&frame);
    return result;
}

int serve_settings_receive(struct serve_settings *settings, int socket, struct error *error)
{
    struct ipc_frame frame = {0};
    int result = ipc_receive(socket, &frame, error) == 1 ? 0 : -1;
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame.message));
    take_fields(&reader, serve_general, settings);
    ipc_take_text(&reader, settings->organization, sizeof settings->organization);
    settings->zone_count = ipc_take_u32(&reader);
    if (!ipc_finished(&reader) || settings->zone_count > SERVE_ZONES)
        result = -1;
    ipc_frame_clear(&frame);
    for (unsigned i = 0; i < settings->zone_count && result == 0; i++)
        result = receive_zone(&settings->zones[i], socket, error);
    return result == 0 ? 0 : error_set(error, "ipc_failed", NULL, "%s", "settings");
}
