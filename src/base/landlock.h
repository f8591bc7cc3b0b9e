/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock by system call: the headers of the oldest Debian we build on know its first ABI only. */
#ifndef BASE_LANDLOCK_H
#define BASE_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/sandbox.h"

/*
 * A rule set that denies everything the running kernel's Landlock can deny (files, TCP, abstract
 * sockets, signals), but lets the directories of a NULL-ended list be read; those that do not exist
 * are left out. Returns a descriptor that the caller closes, or -1 with sandbox_failed.
 */
int landlock_open(const char *const *readable, struct error *error);

/* A rule set as above without anything readable; with `signals` processes outside it may be
 * signalled. */
int landlock_open_service(bool signals, struct error *error);

/* Lets TCP connections be made to a port, where the kernel tells ports apart. 0 or -1. */
int landlock_allow_port(int rules, uint16_t port, struct error *error);

/* Adds a path to a rule set; one that does not exist is left out. 0 or -1. */
int landlock_allow(int rules, const struct sandbox_path *path, struct error *error);

/* Binds the calling thread to the rule set; no_new_privs must be set. 0 or -1. */
int landlock_enter(int rules, struct error *error);

#endif
