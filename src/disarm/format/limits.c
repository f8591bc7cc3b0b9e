/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits and options used when nobody sets others. */
#include "disarm/disarm.h"

#include <string.h>

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

struct limit {
    const char *name;
    size_t offset;
};

#define LIMIT(member)                                                                              \
    {                                                                                              \
#member, offsetof(struct disarm_limits, member)                                            \
    }

static const struct limit limits[] = {
    LIMIT(input_bytes), LIMIT(output_bytes), LIMIT(unpacked_bytes), LIMIT(ratio),
    LIMIT(ratio_floor), LIMIT(members),      LIMIT(depth),          LIMIT(pixels),
    LIMIT(pages),       LIMIT(time_ms),      LIMIT(memory_bytes),   LIMIT(receipt_rows),
};

_Static_assert(sizeof limits / sizeof *limits == sizeof(struct disarm_limits) / sizeof(uint64_t),
               "every limit has a name");

const char *disarm_limit_name(size_t i)
{
    return i < sizeof limits / sizeof *limits ? limits[i].name : NULL;
}

uint64_t *disarm_limit_find(struct disarm_limits *of, const char *name)
{
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (!strcmp(limits[i].name, name))
            return (uint64_t *)((char *)of + limits[i].offset);
    }
    return NULL;
}
