/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `sekisho serve`: one program, several processes. The supervisor opens the listening sockets,
 * starts a sealer, a mover, a renderer and a web process for each zone by executing itself, starts
 * again what ended, and ends everything on SIGTERM. It parses nothing that comes from outside.
 */
#ifndef COMMAND_SERVE_H
#define COMMAND_SERVE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/message.h"

struct error;

enum {
    SERVE_ZONES = 16,
    SERVE_TEXT = 1024, /* bytes of a value in the configuration, with the NUL */
};

struct serve_zone {
    char id[65];
    char name[193];
    char host[65]; /* IPv4 or IPv6 address */
    unsigned port; /* 0 with --demo: any free one */
    char origin[256];
    char banner[SERVE_TEXT];
    char certificate[SERVE_TEXT], key[SERVE_TEXT]; /* files */
    int listening;                                 /* the socket */
};

struct serve_settings {
    char directory[SERVE_TEXT];
    char organization[193];
    unsigned threads, connections, connections_per_address, requests_per_second;
    struct serve_zone zones[SERVE_ZONES];
    unsigned zone_count;
};

/* Settings without zones, everything else as usual. */
void serve_settings_start(struct serve_settings *settings);

/*
 * Reads a configuration file (doc/configuration.md). Code config_bad: {where} is "file:line" and
 * {detail} what is wrong there.
 */
int serve_config_read(const char *path, struct serve_settings *settings, struct error *error);

/* Opens a zone's listening socket; with `next` the following ports are tried when one is taken.
 * Code listen_failed. */
int serve_listen(struct serve_zone *zone, bool next, struct error *error);

/* ---- children ---- */

enum serve_role {
    SERVE_SEALER,
    SERVE_MOVER,
    SERVE_RENDERER,
    SERVE_WEB,
    SERVE_ROLES,
};

#define SERVE_ROLE_NAME "sekisho-role"
#define SERVE_SOCKET                                                                               \
    3 /* of a child: its settings come over it; closed when the supervisor ends                    \
       */

/* Starts all children and keeps them running until SIGTERM or SIGINT; the exit status. */
int serve_supervise(const struct serve_settings *settings);

/* When this program was started as a child: runs that role and returns its exit status; else -1. */
int serve_role_main(int argc, char **argv);

/* ---- demo ---- */

/* Makes an organization みほん市 in an empty directory, with people, and prints how they log in. */
int serve_demo_prepare(struct serve_settings *settings, enum language language,
                       struct error *error);

/* Writes one structured line to standard error: {"time":…,"event":…,"role":…,"zone":…}. */
void serve_log(const char *event, const char *role, const char *zone, long number);

#endif
