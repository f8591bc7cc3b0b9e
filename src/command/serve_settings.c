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
    {NUMBER(serve_settings, head_seconds, 2, 600)},
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

const struct serve_setting serve_of_folder[] = {
    {TEXT(gate_folder, classification)},
    {TEXT(gate_folder, destination)},
    {"output", SERVE_KIND_PATH, FIELD(gate_folder, output), 0, 0},
    {TEXT(gate_folder, owner)},
    {"path", SERVE_KIND_PATH, FIELD(gate_folder, path), 0, 0},
    {"personal", SERVE_KIND_TRUTH, FIELD(gate_folder, personal_data), 0, 0},
    {TEXT(gate_folder, purpose)},
    {NUMBER(gate_folder, quiet, 1, 3600)},
    {TEXT(gate_folder, source)},
    {NULL, 0, 0, 0, 0, 0},
};

void serve_settings_start(struct serve_settings *settings)
{
    *settings = (struct serve_settings){
        .threads = 4,
        .connections = 512,
        .connections_per_address = 128,
        .requests_per_second = 50,
        .head_seconds = 30,
        .log_requests = 1,
    };
    for (size_t i = 0; i < SERVE_ZONES; i++)
        settings->zones[i].listening = -1;
}

/* ---- to the children: a frame for the general settings, one for each zone and folder ---- */

static void put_fields(struct buffer *message, const struct serve_setting *list, const void *from)
{
    for (; list->name; list++) {
        const char *field = (const char *)from + list->offset;
        if (list->kind == SERVE_KIND_NUMBER)
            ipc_put_u32(message, *(const unsigned *)(const void *)field);
        else if (list->kind == SERVE_KIND_TRUTH)
            ipc_put_u8(message, *(const bool *)(const void *)field);
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
        else if (list->kind == SERVE_KIND_TRUTH)
            *(bool *)(void *)field = ipc_take_u8(reader) == 1;
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
    ipc_put_u32(&message, settings->folder_count);
    int result = ipc_send(socket, buffer_bytes(&message), NULL, 0, error);
    for (unsigned i = 0; i < settings->zone_count && result == 0; i++) {
        const struct serve_zone *zone = &settings->zones[i];
        message.length = 0;
        ipc_put_string(&message, zone->id);
        put_fields(&message, serve_of_zone, zone);
        result = ipc_send(socket, buffer_bytes(&message), NULL, 0, error);
    }
    for (unsigned i = 0; i < settings->folder_count && result == 0; i++) {
        const struct gate_folder *folder = &settings->folders[i];
        message.length = 0;
        ipc_put_string(&message, folder->name);
        put_fields(&message, serve_of_folder, folder);
        result = ipc_send(socket, buffer_bytes(&message), NULL, 0, error);
    }
    return result;
}

/* The frame of one section: its name, and its fields. */
static int receive_section(int socket, char *name, size_t size, const struct serve_setting *list,
                           void *into, struct error *error)
{
    struct ipc_frame frame = {0};
    int result = ipc_receive(socket, &frame, error) == 1 ? 0 : -1;
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame.message));
    ipc_take_text(&reader, name, size);
    take_fields(&reader, list, into);
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
    settings->folder_count = ipc_take_u32(&reader);
    if (!ipc_finished(&reader) || settings->zone_count > SERVE_ZONES ||
        settings->folder_count > SERVE_FOLDERS)
        result = -1;
    ipc_frame_clear(&frame);
    for (unsigned i = 0; i < settings->zone_count && result == 0; i++) {
        struct serve_zone *zone = &settings->zones[i];
        zone->listening = -1;
        result = receive_section(socket, zone->id, sizeof zone->id, serve_of_zone, zone, error);
    }
    for (unsigned i = 0; i < settings->folder_count && result == 0; i++) {
        struct gate_folder *folder = &settings->folders[i];
        result = receive_section(socket, folder->name, sizeof folder->name, serve_of_folder, folder,
                                 error);
    }
    return result == 0 ? 0 : error_set(error, "ipc_failed", NULL, "%s", "settings");
}
