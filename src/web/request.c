/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What handlers ask a request for. */
#include "base/memory.h"
#include "web/request_internal.h"

#include "journal/checkpoint.h"

const char *request_field(const struct web_request *request, const char *name)
{
    for (size_t i = request->field_count; i > 0; i--) {
        struct web_field *field = &request->fields[i - 1];
        if (!strcmp(field->name, name))
            return buffer_string(&field->value);
    }
    return "";
}

const char *request_query(const struct web_request *request, const char *name)
{
    const char *value =
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
    return value ? value : "";
}

int64_t request_number(const char *text)
{
    uint64_t number;
    if (!checkpoint_parse_number(bytes_of_string(text), &number) || number > INT64_MAX)
        return -1;
    return (int64_t)number;
}

bool server_is_secure(const struct web_server *server)
{
    const char *origin = server->options.origin;
    return server->options.certificate || (origin && !strncmp(origin, "https://", 8));
}

void cookie_append_name(struct buffer *out, const struct web_server *server, const char *name)
{
    buffer_append_format(out, "%ssekisho-%s-%s", server_is_secure(server) ? "__Host-" : "",
                         server->options.zone, name);
}

const char *request_cookie(const struct web_request *request, const char *name)
{
    AUTO_BUFFER full = {0};
    cookie_append_name(&full, request->server, name);
    return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, buffer_string(&full));
}

void *request_upload(struct web_request *request, size_t size, void (*close)(void *upload),
                     bool *first)
{
    *first = !request->upload;
    if (*first) {
        request->upload = memory_allocate(1, size);
        request->upload_close = close;
    }
    return request->upload;
}
