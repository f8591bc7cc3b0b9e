/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A quick look at an entry, for the auditor, who reads millions. */
#ifndef JOURNAL_ENTRY_SCAN_H
#define JOURNAL_ENTRY_SCAN_H

#include "base/bytes.h"

/*
 * True only when the bytes are a canonical entry of schema 1; its sequence number then is in
 * *sequence (0 when absent). False says nothing: the entry has to be parsed to know.
 */
bool entry_scan(struct bytes bytes, uint64_t *sequence);

#endif
