/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second readers of pictures (verify.h). Each walks the whole file by its own code and accounts
 * for every byte: only the blocks that our writers make, in their order, with sane lengths.
 */
#ifndef DISARM_VERIFY_PICTURE_H
#define DISARM_VERIFY_PICTURE_H

#include "disarm/verify/verify.h"

int verify_jpeg(struct verify_job *job, struct bytes out, struct error *error);
int verify_gif(struct verify_job *job, struct bytes out, struct error *error);
int verify_bmp(struct verify_job *job, struct bytes out, struct error *error);
int verify_webp(struct verify_job *job, struct bytes out, struct error *error);
int verify_tiff(struct verify_job *job, struct bytes out, struct error *error);
int verify_emf(struct verify_job *job, struct bytes out, struct error *error);
int verify_wmf(struct verify_job *job, struct bytes out, struct error *error);
int verify_png(struct verify_job *job, struct bytes out, struct error *error);

/* True when bytes is a colour profile (ICC.1 §7) whose size is exactly its length. */
bool verify_profile(struct bytes profile);

/* True when bytes is the TIFF structure of 26 bytes that says orientation 2 … 8 and no more. */
bool verify_orientation(struct bytes exif);

#endif
