/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages of one zone: an HTTP server over a listening socket.
 *
 * What arrives on one zone's listener is of that zone: sessions, inboxes and permissions are looked
 * up with its name and no other can be asked for. Every page is made of a template that escapes
 * all values, every form carries the secret of its session, and every answer has the headers of
 * server.c. Nothing that an error page says comes from inside the program.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct web_server;

/* Strings are UTF-8, borrowed while the server runs. */
struct web_options {
    int listening;             /* a bound, listening TCP socket; closed by web_stop */
    const char *directory;     /* of the organization */
    const char *organization;  /* its name, for the head of pages */
    const char *zone;          /* id: "lgwan" */
    const char *zone_name;     /* for people, "LGWAN接続系", where the store has no zone */
    const char *const *served; /* ids of all zones with a listener, ended by NULL */
    const char *origin;        /* "https://host:port" as browsers reach it; NULL: not known */
    const char *banner;        /* what stands on the login page; NULL: nothing */
    const char *certificate;   /* PEM; NULL: HTTP, or TLS is in front */
    const char *key;           /* PEM, with the certificate */
    const char *proxy;         /* address whose X-Forwarded-For is believed; NULL: none */
    bool log_requests;         /* a line on standard error for each */
    unsigned threads;          /* that answer; each has its own connection to the store */
    unsigned connections;      /* at one time */
    unsigned connections_per_address;
    unsigned head_seconds;        /* for the head of a request, from its first byte to its last */
    unsigned requests_per_second; /* of one address, over time; four times as many at once */
    int wake;                     /* a pipe that gets a byte when work was committed; -1: none */
    int renderer;                 /* socket over which renderer.h asks; -1: none */
    int ldap;                     /* to the directory process; -1: all passwords are our own */
    int passwords;                /* to the mover, for gate_password_send; -1: none */
};

/* Starts to answer. NULL with web_failed, or the codes of store_open. */
struct web_server *web_start(const struct web_options *options, struct error *error);

/* Ends open requests and frees everything. NULL does nothing. */
void web_stop(struct web_server *server);

#endif
