/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an organization's directory keeps what the sealer needs. */
#ifndef STORE_SEAL_PLACES_H
#define STORE_SEAL_PLACES_H

#include "base/buffer.h"
#include "journal/sealer.h"

struct seal_places {
    struct sealer_paths paths; /* views into the buffers below */
    struct buffer journal, key, public_key, state;
};

/* Fills in the paths; the caller frees them. */
void seal_places_set(struct seal_places *places, const char *directory);
void seal_places_free(struct seal_places *places);

#endif
