/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which handler answers a request: one sorted table (routes.c) and how a path is found in it.
 */
#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct web_request;

enum route_access {
    ROUTE_OPEN,   /* anybody */
    ROUTE_STAGED, /* a session, also one that still owes its second factor or a new password */
    ROUTE_FULL,   /* a session that owes nothing */
};

#define ROUTE_PARAMETERS 3

struct route {
    const char *pattern; /* "/people/{}": {} stands for a number, * at the end for any last part */
    const char *method;  /* "GET" (HEAD too) or "POST" */
    void (*handle)(struct web_request *request);
    enum route_access access;
    const char *action;  /* of identity's permissions; NULL: none is needed */
    uint64_t body_bytes; /* the longest body that it takes */
    /* Takes a piece of a file in a form; NULL: files are refused. */
    void (*file)(struct web_request *request, const char *name, struct bytes data, uint64_t offset);
};

/* What stood in the place of {} and *. */
struct route_match {
    const struct route *route; /* NULL: nothing is at that path */
    bool other_method;         /* … but there is for another method */
    int64_t numbers[ROUTE_PARAMETERS];
    const char *rest; /* the part that * stands for; borrowed from the path */
};

/* Finds the route of a method and path. */
struct route_match router_find(const struct route *routes, size_t count, const char *method,
                               const char *path);

/* The table of all routes, sorted by pattern and method. */
extern const struct route web_routes[];
extern const size_t web_route_count;

#endif
