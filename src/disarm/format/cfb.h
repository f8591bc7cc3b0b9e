/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading one stream out of an OLE2 compound file ([MS-CFB]). */
#ifndef DISARM_FORMAT_CFB_H
#define DISARM_FORMAT_CFB_H

#include "base/buffer.h"
#include "base/error.h"

/*
 * Appends the bytes of the stream called name (ASCII, any case) that stands directly in the root
 * storage. Chains are followed only as far as the file has sectors. Errors: cfb_damaged,
 * cfb_no_stream.
 */
int cfb_read_stream(struct bytes file, const char *name, struct buffer *out, struct error *error);

#endif
