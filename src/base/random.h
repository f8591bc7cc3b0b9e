/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random bytes from the kernel, for keys, salts and tokens. Works inside the sandbox. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>

/* Fills length bytes (256 at most at once). Without randomness nothing may go on: ends the process.
 */
void random_fill(void *bytes, size_t length);

#endif
