/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of JSON on standard error for each request: nothing in it is personal or secret. */
#include <unistd.h>

#include "base/json.h"
#include "web/request_internal.h"

/* Begins a line with what every one has. */
static struct json_writer begin(struct buffer *line, const struct web_request *request,
                                const char *event)
{
    AUTO_BUFFER moment = {0};
    const struct route *route = request->match.route;
    struct json_writer json = json_writer_open(line);
    time_append_utc(&moment, time_now());
    json_begin_object(&json);
    json_member_string(&json, "time", buffer_string(&moment));
    json_member_string(&json, "event", event);
    json_member_string(&json, "zone", request->server->options.zone);
    json_member_string(&json, "method", route ? route->method : "");
    json_member_string(&json, "route", route ? route->pattern : "");
    return json;
}

static void end(struct buffer *line, struct json_writer *json)
{
    json_end_object(json);
    buffer_append_byte(line, '\n');
    (void)!write(STDERR_FILENO, line->data, line->length);
}

void log_request(const struct web_request *request)
{
    AUTO_BUFFER line = {0};
    struct json_writer json = begin(&line, request, "request");
    json_member_unsigned(&json, "status", request->status);
    json_member_unsigned(&json, "ms", (uint64_t)(time_now() - request->now) / 1000);
    if (request->has_session)
        json_member_unsigned(&json, "person", (uint64_t)request->session.person);
    end(&line, &json);
}

void log_failure(const struct web_request *request, const char *code)
{
    AUTO_BUFFER line = {0};
    struct json_writer json = begin(&line, request, "request_failed");
    json_member_string(&json, "code", code);
    end(&line, &json);
}
