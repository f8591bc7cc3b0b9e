/* SPDX-License-Identifier: GPL-3.0-or-later */
/* getrandom(2): up to 256 bytes come whole, without being interrupted. */
#include "base/random.h"

#include <assert.h>
#include <sys/random.h>

#include "base/memory.h"

void random_fill(void *bytes, size_t length)
{
    assert(length <= 256);
    if (getrandom(bytes, length, 0) != (ssize_t)length)
        memory_exhausted();
}
