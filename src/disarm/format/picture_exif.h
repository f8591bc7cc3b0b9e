/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one thing kept of EXIF (JEITA CP-3451): which way up the picture is. */
#ifndef DISARM_FORMAT_PICTURE_EXIF_H
#define DISARM_FORMAT_PICTURE_EXIF_H

#include "base/buffer.h"

/*
 * The orientation (tag 0x0112 of the first directory), 1 … 8; 1 when the TIFF structure in exif
 * does not say or is damaged. exif starts at the byte order mark; a leading "Exif\0\0" is skipped.
 */
unsigned picture_exif_orientation(struct bytes exif);

/* Appends a TIFF structure of 26 bytes that holds the orientation and nothing else. */
void picture_exif_append(struct buffer *out, unsigned orientation);

#endif
