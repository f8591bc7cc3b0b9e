/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: whatever is accepted holds no formula under any reading. */
#include "module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct disarm_options options = module_options();
    module_check("csv", &options, data, size);
    return 0;
}
