/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system calls that a sandboxed process may make; any other kills it. */
#ifndef BASE_SECCOMP_FILTER_H
#define BASE_SECCOMP_FILTER_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/sandbox.h"

/* Appends the BPF program of a profile to `program`. 0, or -1 with sandbox_failed. */
int seccomp_filter_compile(enum sandbox_profile profile, struct buffer *program,
                           struct error *error);

/* As seccomp_filter_compile, for processes that serve for long. */
int seccomp_filter_compile_service(const struct sandbox_service *service, struct buffer *program,
                                   struct error *error);

/* Loads a compiled program into the calling thread; no_new_privs must be set. 0 or -1. */
int seccomp_filter_load(struct bytes program, struct error *error);

#endif
