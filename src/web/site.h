/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name under which a browser reaches this zone, as security keys want it. */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include "identity/factors.h"
#include "web/request.h"

enum { WEB_SITE_SIZE = 300 };

struct web_site {
    char id[WEB_SITE_SIZE], origin[WEB_SITE_SIZE];
    struct identity_site site; /* borrows the two */
};

/*
 * The configured origin; without one what the browser says that it reached: over our own TLS any
 * name, over plain HTTP only "localhost", which browsers trust as they do TLS. A security key signs
 * only for the name that it was registered under, so nothing is lost when a Host header lies. False
 * when no security key can be used here (an address without a name, plain HTTP).
 */
bool web_site_find(const struct web_request *request, struct web_site *site);

#endif
