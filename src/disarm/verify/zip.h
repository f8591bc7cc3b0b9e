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

#endif
