/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The organization's own scheme of classification labels, as its policy gave it. */
#ifndef IDENTITY_SCHEME_H
#define IDENTITY_SCHEME_H

#include "base/buffer.h"
#include "base/error.h"
#include "store/store.h"

enum {
    IDENTITY_RANKS = 5, /* 0 the least secret … 4 */
    IDENTITY_LEVELS = IDENTITY_RANKS,
};

/* The scheme that is used while no policy gave one, as data/classifications.tsv names it. */
#define IDENTITY_SCHEME_USUAL "guideline"

/* Copies a setting as text, cut at a character to `size` bytes with the NUL; "" when it is not set.
 * 0, or -1 with the store's error. */
int identity_setting_read(struct store *store, const char *name, char *into, size_t size,
                          struct error *error);

struct identity_level {
    int rank; /* 4 the most secret … 0 */
    char label[33];
    char text[385];
};

/* The levels, the most secret first, at most IDENTITY_LEVELS; none when no policy with a scheme was
 * applied. 0, or -1 with the store's error. */
int identity_levels(struct store *store, struct identity_level list[IDENTITY_LEVELS], size_t *count,
                    struct error *error);

/*
 * Whether a label is of the organization's scheme; as long as no policy gave one, every label of
 * the national guideline is. 1, 0 with those that are appended to `known` ("I, II, III, IV"), or -1
 * with the store's error.
 */
int identity_label_known(struct store *store, const char *label, struct buffer *known,
                         struct error *error);

#endif
