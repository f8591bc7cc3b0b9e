/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `sekisho serve`: one program, several processes. The supervisor opens the listening sockets,
 * starts the roles below by executing itself, starts again what ended, and
 * ends everything on SIGTERM. It parses nothing that comes from outside.
 */
#ifndef COMMAND_SERVE_H
#define COMMAND_SERVE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/message.h"
#include "base/sandbox.h"
#include "gate/folder.h"

struct error;
struct store;

enum {
    SERVE_ZONES = 16,
    SERVE_FOLDERS = 16,
    SERVE_PLACES = 2 * SERVE_FOLDERS,
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
    char proxy[65];           /* address of what stands in front, "": nothing does */
    char scanner[SERVE_TEXT]; /* clamd: path of its socket, or 127.0.0.1:PORT; "": none */
    char ldap_address[SERVE_TEXT], ldap_authority[SERVE_TEXT], ldap_name[SERVE_TEXT];
    unsigned threads, connections, connections_per_address, requests_per_second;
    unsigned head_seconds; /* for the head of a request */
    unsigned log_requests; /* 1: a line for each request */
    unsigned workers;      /* of the mover's pool; 0: one per processor */
    struct serve_zone zones[SERVE_ZONES];
    unsigned zone_count;
    struct gate_folder folders[SERVE_FOLDERS];
    unsigned folder_count;
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

/* ---- what a setting is ---- */

enum serve_kind {
    SERVE_KIND_TEXT,
    SERVE_KIND_NUMBER,
    SERVE_KIND_LISTEN,  /* host and port of a zone */
    SERVE_KIND_ADDRESS, /* a text: an IPv4 or IPv6 address */
    SERVE_KIND_SCANNER, /* a text, looked at more closely */
    SERVE_KIND_PATH,    /* a text that begins with / */
    SERVE_KIND_TRUTH,   /* yes or no */
};

/* One name of the configuration. Adding a row lets it be read and told to the children. */
struct serve_setting {
    const char *name;
    enum serve_kind kind;
    size_t offset, size; /* in struct serve_settings, serve_zone or gate_folder */
    unsigned least, most;
};

/* Sorted lists, ended by a NULL name. */
extern const struct serve_setting serve_general[], serve_of_folder[], serve_of_zone[];

/* Tells all settings to a child over a SOCK_SEQPACKET socket, and takes them there; the listening
 * sockets are not among them. */
int serve_settings_send(const struct serve_settings *settings, int socket, struct error *error);
int serve_settings_receive(struct serve_settings *settings, int socket, struct error *error);

/* ---- children ---- */

/* Started in this order and stopped in the opposite one: the sealer seals what the others did. */
enum serve_role {
    SERVE_SEALER,
    SERVE_MOVER,
    SERVE_RENDERER,
    SERVE_DIRECTORY,
    SERVE_FOLDER,
    SERVE_WEB,
    SERVE_ROLES,
};

/* What a child is told. */
struct serve_orders {
    enum serve_role role;
    struct serve_settings settings;
    const struct serve_zone *zone; /* of a web process, with its listening socket */
    int wake;                      /* of the mover: the end to read; others: the end to write */
    int channels[SERVE_ZONES];     /* of a role that is asked: from the web process of each zone, or
                                      the first one from all; of a web process: to each role, by
                                      its number; -1: none */
    int signals;                   /* readable when the process is to end */
};

/* Whether web processes have a channel to a role (SOCK_SEQPACKET). */
enum serve_asked {
    SERVE_NOT_ASKED,
    SERVE_ASKED_BY_ZONE, /* each its own, which does not block: the role knows who asks */
    SERVE_ASKED_BY_ALL,  /* over one and the same */
};

struct serve_role_row {
    const char *name;
    bool per_zone; /* a process for each zone, else one for the organization */
    enum serve_asked asked;
    bool (*wanted)(const struct serve_settings *settings); /* NULL: always */
    int (*run)(const struct serve_orders *orders,
               struct error *error); /* 0, SERVE_OVER; else it failed */
};

extern const struct serve_role_row serve_roles[SERVE_ROLES];

/* How many channels end at a role. */
unsigned serve_channel_count(const struct serve_settings *settings, enum serve_role role);

/* Of a child that is over for good, such as the web process of a zone that was closed: the exit
 * status; and the result of `run` that leads to it. */
enum { SERVE_OVER_STATUS = 77, SERVE_OVER = 1 }; /* no status of command.h */

bool serve_wants_directory(const struct serve_settings *settings);
int serve_run_directory(const struct serve_orders *orders, struct error *error);
int serve_run_folder(const struct serve_orders *orders, struct error *error);
int serve_run_mover(const struct serve_orders *orders, struct error *error);
int serve_run_renderer(const struct serve_orders *orders, struct error *error);
int serve_run_web(const struct serve_orders *orders, struct error *error);

/* Locks a child in with what its role may see of the organization's directory. `service` says what
 * it may do besides, and which paths (SERVE_PLACES at most) it sees elsewhere. */
int serve_lock_in(const struct serve_orders *orders, struct sandbox_service service,
                  struct error *error);

/* True when the process is to end; waits for that at most so many milliseconds. */
bool serve_stops(const struct serve_orders *orders, int milliseconds);

#define SERVE_ROLE_NAME "sekisho-role"
/* Of a child: its orders come over it; closed when the supervisor ends. */
#define SERVE_SOCKET 3

/* Starts all children and keeps them running until SIGTERM or SIGINT; the exit status. */
int serve_supervise(const struct serve_settings *settings);

/* When this program was started as a child: runs that role and returns its exit status; else -1. */
int serve_role_main(int argc, char **argv);

/* ---- demo ---- */

/* Makes an organization みほん市 with its history in an empty directory, or goes on with one that
 * was made so; prints how its people log in. Code demo_real for a directory of somebody else. */
int serve_demo_prepare(struct serve_settings *settings, enum language language,
                       struct error *error);

/* Names each zone's address as browsers reach it: security keys work for localhost, not for an
 * address in numbers. */
void serve_demo_origins(struct serve_settings *settings);

/* Writes one structured line to standard error: {"time":…,"event":…,"role":…,"zone":…}. */
void serve_log(const char *event, const char *role, const char *zone, long number);

/* The same with the event "failed" and the error as code and English sentence. */
void serve_log_error(const char *role, const char *zone, const struct error *error);

/*
 * Every zone of the configuration must be one of the organization's (config_zone_unknown); one
 * without a name takes the organization's. One that is closed is left out, and the log says so;
 * code config_zone_closed when none remains. An organization without zones, not set up yet, takes
 * any.
 */
int serve_zones_check(struct serve_settings *settings, struct store *store, struct error *error);

#endif
