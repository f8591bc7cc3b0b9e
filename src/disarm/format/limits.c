/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits and options used when nobody sets others. */
#include "disarm/disarm.h"

#define MIB (UINT64_C(1) << 20)

#define DEFAULT_LIMITS                                                                             \
    {                                                                                              \
        .input_bytes = 256 * MIB, .output_bytes = 512 * MIB, .unpacked_bytes = 1024 * MIB,         \
        .ratio = 200, .ratio_floor = 16 * MIB, .members = 100000, .depth = 5,                      \
        .pixels = UINT64_C(200000000), .pages = 5000, .time_ms = 60000,                            \
        .memory_bytes = 2048 * MIB, .receipt_rows = 5000,                                          \
    }

const struct disarm_limits disarm_default_limits = DEFAULT_LIMITS;

const struct disarm_options disarm_default_options = {
    .treatment = DISARM_REBUILD,
    .limits = DEFAULT_LIMITS,
    .flatten_dpi = 150,
    .keep_comments = true,
};
