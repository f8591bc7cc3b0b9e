/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passwords that another server keeps: asked by an LDAP simple bind (RFC 4511 §4.2), under TLS only
 * (ldaps, or StartTLS before anything is said).
 *
 * Who has a password of this system (a local account, for the day on which the other server is
 * away) is never asked for there; everybody else is. The rules for passwords are then the other
 * server's; locks, second factors and sessions stay ours.
 *
 * A web process can open no connection, so a process of its own does it: it sees no file, no
 * database, and the network only as far as that one port. Whoever asks it sends login and password
 * over a socket that all share, with a pipe by which the answer comes.
 *
 * Errors: directory_away (it cannot be asked now, {detail} says why), directory_bad (the
 * configuration, {where} names the setting).
 */
#ifndef IDENTITY_DIRECTORY_H
#define IDENTITY_DIRECTORY_H

#include "identity/identity.h"

/* ---- for those who ask ---- */

struct identity_directory {
    int socket; /* SOCK_SEQPACKET */
};

/* 1 it is the person's password, 0 it is not, -1 directory_away. Waits ten seconds at most. An
 * empty password is never right: servers take a bind without one for a greeting (RFC 4513 §5.1.2).
 */
int identity_directory_check(const struct identity_directory *directory, const char *login,
                             const char *password, struct error *error);

/* ---- the process itself ---- */

struct directory_options {
    const char *address;   /* "ldaps://host:port", or "ldap://host:port" with StartTLS */
    const char *name;      /* of the entry: "uid={login},ou=people,dc=example,dc=jp" */
    const char *authority; /* PEM file with the certificates that are trusted */
};

/* What is wrong with the options, as the name of the setting; NULL: nothing. */
const char *directory_wrong(const struct directory_options *options);

struct directory;

/* Reads the certificates and looks the host up; afterwards no file is needed any more. One in a
 * process. The options are borrowed. NULL with directory_bad or directory_away. */
struct directory *directory_open(const struct directory_options *options, struct error *error);

/* The port that it connects to. */
uint16_t directory_port(const struct directory *directory);

/* Takes requests for at most so many milliseconds; each is answered by a thread of its own. 0,
 * -1 when the socket is broken, or DIRECTORY_LOOK_UP when the server was not reached by an address
 * that its name had some time ago: then the process is to begin anew. */
enum { DIRECTORY_LOOK_UP = 1 };
int directory_step(struct directory *directory, int socket, int milliseconds, struct error *error);

#endif
