/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a request may go on, before any of its body is read, and before its handler runs. */
#include "base/message.h"
#include "identity/permissions.h"
#include "web/api.h"
#include "web/request_internal.h"

static const char *header_of(const struct web_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

static void choose_language(struct web_request *request)
{
    const char *chosen = request_cookie(request, "language");
    if (chosen && (!strcmp(chosen, "ja") || !strcmp(chosen, "en")))
        request->language = *chosen == 'e' ? LANGUAGE_EN : LANGUAGE_JA;
    else
        request->language = language_accepted(header_of(request, "Accept-Language"));
}

/* Forms before the login carry the secret of a cookie, forms after it that of the session. */
static void find_secret(struct web_request *request)
{
    const char *cookie = request_cookie(request, "form");
    if (request->has_session) {
        snprintf(request->secret, sizeof request->secret, "%s", request->session.csrf);
    } else if (cookie && strlen(cookie) == WEB_SECRET_SIZE - 1) {
        snprintf(request->secret, sizeof request->secret, "%s", cookie);
    } else {
        secret_make(request->secret);
        answer_cookie(request, "form", request->secret);
    }
}

/* True for what scripts ask again and again, with nobody there perhaps. */
static bool asked_by_script(const struct route *route)
{
    const char *last = route ? strrchr(route->pattern, '/') : NULL;
    return last && !strcmp(last, "/state");
}

static int find_session(struct web_request *request, struct error *error)
{
    const char *token = request_cookie(request, "session");
    if (!token)
        return 0;
    int found = (asked_by_script(request->match.route)
                     ? identity_session_peek
                     : identity_session_find)(request->store, token, request->server->options.zone,
                                              request->now, &request->session, error);
    request->has_session = found > 0;
    return found < 0 ? -1 : 0;
}

/* Where a session that still owes something has to go first. */
static const char *owed_page(enum identity_stage stage)
{
    switch (stage) {
    case IDENTITY_SECOND_FACTOR:
        return "/login/second";
    case IDENTITY_MUST_CHANGE:
        return "/password";
    case IDENTITY_MUST_ENROLL:
        return "/account";
    default:
        return NULL;
    }
}

static void check_access(struct web_request *request, const struct route *route)
{
    if (route->access == ROUTE_OPEN)
        return;
    if (!request->has_session) {
        answer_redirect(request, "/login");
        return;
    }
    const char *owed = owed_page(request->session.stage);
    if (owed && route->access == ROUTE_FULL)
        answer_redirect(request, owed);
    else if (route->action &&
             !identity_may(&request->session, route->action, request->server->options.zone, NULL))
        answer_status(request, MHD_HTTP_FORBIDDEN);
}

/* The length that the request announces; a body of unknown length counts while it comes. */
static bool too_long(const struct web_request *request, const struct route *route)
{
    const char *length = header_of(request, "Content-Length");
    int64_t bytes = length ? request_number(length) : 0;
    return bytes < 0 || (uint64_t)bytes > route->body_bytes;
}

static void answer_unknown(struct web_request *request)
{
    answer_status(request,
                  request->match.other_method ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND);
}

/* A program: its token counts, no cookie, and it learns of no address without one. */
static void admit_program(struct web_request *request, const struct route *route)
{
    if (api_admit(request))
        return;
    if (!route)
        answer_unknown(request);
    else if (too_long(request, route))
        answer_status(request, MHD_HTTP_CONTENT_TOO_LARGE);
}

void admit_request(struct web_request *request)
{
    struct error error = {0};
    choose_language(request);
    if (!flood_allow(request->server->flood, bytes_of_string(request->address), request->now)) {
        answer_header(request, "Retry-After", "5");
        answer_status(request, MHD_HTTP_TOO_MANY_REQUESTS);
        return;
    }
    request->match = router_find(web_routes, web_route_count, request->method, request->path);
    const struct route *route = request->match.route;
    if (!strncmp(request->path, "/static/", 8) && route)
        return;
    if (api_asked(request)) {
        admit_program(request, route);
        return;
    }
    if (find_session(request, &error)) {
        answer_error(request, &error);
        return;
    }
    find_secret(request);
    if (!route)
        answer_unknown(request);
    else if (too_long(request, route))
        answer_status(request, MHD_HTTP_CONTENT_TOO_LARGE);
    else
        check_access(request, route);
}

/* Browsers say where a form comes from; what comes from elsewhere is not ours. */
static bool from_elsewhere(const struct web_request *request)
{
    const char *site = header_of(request, "Sec-Fetch-Site");
    return site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

bool request_is_ours(const struct web_request *request)
{
    return !from_elsewhere(request) &&
           secret_equal(request_field(request, "csrf"), request->secret);
}

void admit_form(struct web_request *request)
{
    if (request->body_bytes > request->match.route->body_bytes)
        answer_status(request, MHD_HTTP_CONTENT_TOO_LARGE);
    else if (request->broken)
        answer_status(request, MHD_HTTP_BAD_REQUEST);
    else if (!request_is_ours(request))
        answer_status(request, MHD_HTTP_FORBIDDEN);
}
