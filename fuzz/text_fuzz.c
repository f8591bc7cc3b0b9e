/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain text: any bytes are refused or become text that stays the same. */
#include "module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct disarm_options options = module_options();
    module_check("text", &options, data, size);
    return 0;
}
