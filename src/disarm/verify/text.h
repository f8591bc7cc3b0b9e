/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verifiers of plain text and csv. */
#ifndef DISARM_VERIFY_TEXT_H
#define DISARM_VERIFY_TEXT_H

#include "disarm/format/format.h"

/* The text decodes without loss in the encoding that it shows, and holds no deceiving character. */
format_verifier verify_text;

/* As verify_text, and no place where any reader could begin a cell begins a formula. */
format_verifier verify_csv;

/* Appends a checked text as UTF-8; what verify_text and verify_csv have in common. */
int verify_decoded_text(struct bytes file, struct buffer *utf8, struct error *error);

/* 0 when UTF-8 text holds only characters that a disarmed text may hold. */
int verify_characters(struct bytes utf8, struct error *error);

#endif
