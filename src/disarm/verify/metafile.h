/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bitmaps inside metafiles, for the second readers of EMF and WMF. */
#ifndef DISARM_VERIFY_METAFILE_H
#define DISARM_VERIFY_METAFILE_H

#include "base/bytes.h"

/* True when info is exactly a header with its masks and palette, and bits exactly its pixels. */
bool verify_bitmap(struct bytes info, struct bytes bits, uint64_t pixels_limit);

/* Length of header, masks and palette at the start of a packed bitmap; 0 when it is not ours. */
size_t verify_bitmap_info_length(struct bytes packed);

#endif
