/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name under which a browser reaches this zone. */
#include "web/site.h"

#include <arpa/inet.h>
#include <stdio.h>

/* True for an IP address: security keys are bound to names. */
static bool is_address(const char *host)
{
    uint8_t bytes[16];
    return *host == '[' || inet_pton(AF_INET, host, bytes) == 1;
}

/* Takes an origin apart: what stands between "://" and the port is the name. */
static bool take_origin(struct web_site *site, const char *origin)
{
    const char *host = strstr(origin, "://");
    if (!host || strlen(origin) >= sizeof site->origin)
        return false;
    size_t length = strcspn(host + 3, ":/");
    memcpy(site->id, host + 3, length);
    site->id[length] = '\0';
    snprintf(site->origin, sizeof site->origin, "%s", origin);
    site->site = (struct identity_site){site->id, site->origin};
    return length > 0 && !is_address(site->id);
}

bool web_site_find(const struct web_request *request, struct web_site *site)
{
    const struct web_options *options = &request->server->options;
    AUTO_BUFFER origin = {0};
    const char *host =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    if (options->origin) /* on this machine only the name is trusted, not the address behind it */
        return take_origin(site, options->origin) &&
               (strcmp(site->id, "localhost") != 0 || (host && !strncmp(host, "localhost", 9)));
    if (!host || strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.:-") != strlen(host))
        return false;
    buffer_append_format(&origin, "%s://%s", options->certificate ? "https" : "http", host);
    return take_origin(site, buffer_string(&origin)) &&
           (options->certificate || !strcmp(site->id, "localhost"));
}
