/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verifier of ZIP archives. */
#ifndef DISARM_VERIFY_ZIP_H
#define DISARM_VERIFY_ZIP_H

#include "disarm/format/format.h"

/*
 * The archive is a run of local headers with their bytes, the central directory in the same order
 * and the end record, with nothing between, before or behind; names are safe and single; every file
 * passes the verifier of the format that its extension claims.
 */
format_verifier verify_zip;

/* The format that the extension of a file name in a disarmed archive or mail claims, or NULL. */
const struct format *verify_claimed_format(struct bytes name);

/* 0 when a path has only plain relative components. */
int verify_path(struct bytes path, struct error *error);

#endif
