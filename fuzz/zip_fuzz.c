/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives: whatever is accepted is walked byte by byte by the verifier. */
#include "module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct disarm_options options = module_options();
    options.password = "みほん2022"; /* of the encrypted seeds */
    module_check("zip", &options, data, size);
    return 0;
}
