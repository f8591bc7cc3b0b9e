/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sandbox.c and namespace.c share. */
#ifndef BASE_SANDBOX_INTERNAL_H
#define BASE_SANDBOX_INTERNAL_H

/* The directories that a rendering process may read; ends with NULL. */
extern const char *const sandbox_render_directories[];

#endif
