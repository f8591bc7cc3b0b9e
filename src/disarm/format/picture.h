/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The picture modules (format.h, struct format): pixels, orientation, colour profile, animation,
 * pages and printing resolution go over, nothing else. Each rebuild is lossless, idempotent and
 * deterministic; each flatten decodes to plain pixels and codes them anew.
 *
 * JPEG: ITU-T T.81, T.871 (JFIF).  PNG: W3C PNG, third edition.  GIF: GIF89a.  BMP: [MS-WMF] 2.2.2.
 * TIFF: TIFF 6.0 and its TechNote 2.  WebP: RFC 9649, RFC 6386.  EMF: [MS-EMF].  WMF: [MS-WMF].
 */
#ifndef DISARM_FORMAT_PICTURE_H
#define DISARM_FORMAT_PICTURE_H

#include "disarm/format/format.h"

int picture_rebuild_jpeg(struct job *job, struct bytes in, struct buffer *out, struct error *error);
int picture_flatten_jpeg(struct job *job, struct bytes in, struct buffer *out, struct error *error);

int picture_rebuild_png(struct job *job, struct bytes in, struct buffer *out, struct error *error);
int picture_flatten_png(struct job *job, struct bytes in, struct buffer *out, struct error *error);

int picture_rebuild_gif(struct job *job, struct bytes in, struct buffer *out, struct error *error);
int picture_flatten_gif(struct job *job, struct bytes in, struct buffer *out, struct error *error);

int picture_rebuild_bmp(struct job *job, struct bytes in, struct buffer *out, struct error *error);
int picture_flatten_bmp(struct job *job, struct bytes in, struct buffer *out, struct error *error);

int picture_rebuild_webp(struct job *job, struct bytes in, struct buffer *out, struct error *error);
int picture_flatten_webp(struct job *job, struct bytes in, struct buffer *out, struct error *error);

int picture_rebuild_tiff(struct job *job, struct bytes in, struct buffer *out, struct error *error);
int picture_flatten_tiff(struct job *job, struct bytes in, struct buffer *out, struct error *error);

int picture_rebuild_emf(struct job *job, struct bytes in, struct buffer *out, struct error *error);

int picture_rebuild_wmf(struct job *job, struct bytes in, struct buffer *out, struct error *error);

#endif
