/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The failures that no member of an archive or mail survives. */
#include "disarm/format/container.h"

#include <stddef.h>
#include <string.h>

bool container_ends(const char *code)
{
    static const char *const codes[] = {"limit_members", "limit_ratio", "limit_unpacked",
                                        "password_needed"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (!strcmp(code, codes[i]))
            return true;
    }
    return false;
}
