/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The message catalogue: every sentence that a person reads, in Japanese and English, by key.
 * The texts stand in data/locale/<domain>.<language>.po and are built into the program.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include "base/buffer.h"

struct error;

enum language {
    LANGUAGE_JA,
    LANGUAGE_EN,
    LANGUAGE_COUNT,
};

/* The text of key, or NULL when the catalogue does not have it. Static; may hold {placeholders}. */
const char *message_find(enum language language, const char *key);

/*
 * The catalogue's own static copy of `key`, when it has "<prefix>.<key>" and key is made of lower
 * case, digits and underscores; else NULL. For keys that come from outside; key may be NULL.
 */
const char *message_known(const char *prefix, const char *key);

/* As message_find, but an unknown key gives the key itself, so that a page never has a hole. */
const char *message_get(enum language language, const char *key);

struct message_value {
    const char *name;  /* as it stands between the braces */
    const char *value; /* UTF-8 */
};

/* Appends the text of key with every {name} replaced. An unknown {name} stays as it is. */
void message_append(struct buffer *out, enum language language, const char *key,
                    const struct message_value *values, size_t count);

/*
 * Appends the sentence of an error: the text of `error.<code>` with {where} and {detail}. A code
 * that the catalogue does not have gives the sentence of `error.unknown`.
 */
void message_append_error(struct buffer *out, enum language language, const struct error *error);

#endif
