/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/quantity.h"

#include <inttypes.h>

void quantity_append_bytes(struct buffer *out, uint64_t bytes)
{
    static const char *const units[] = {"KB", "MB", "GB", "TB"};
    double shown = (double)bytes / 1024;
    size_t unit = 0;
    if (bytes < 1000) {
        buffer_append_format(out, "%" PRIu64 " B", bytes);
        return;
    }
    for (; shown >= 999.5 && unit + 1 < sizeof units / sizeof *units; unit++)
        shown /= 1024;
    buffer_append_format(out, shown < 9.95 ? "%.1f %s" : "%.0f %s", shown, units[unit]);
}
