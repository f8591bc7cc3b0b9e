/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mails: whatever is accepted comes out in the one form that the verifier knows. */
#include "module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct disarm_options options = module_options();
    module_check("eml", &options, data, size);
    return 0;
}
