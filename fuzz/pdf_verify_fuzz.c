/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader of PDF: any bytes are refused or accepted in an orderly way. */
#include <stdlib.h>

#include "disarm/verify/pdf.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct disarm_limits limits = disarm_default_limits;
    limits.unpacked_bytes = 4 << 20;
    struct verify_job verify = {.limits = &limits};
    struct error error = {0};
    if (verify_pdf(&verify, (struct bytes){data, size}, &error) && !error.code)
        abort();
    return 0;
}
