/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identification: any bytes have a format or an orderly error, with and without a name. */
#include <stdlib.h>

#include "disarm/format/identify.h"
#include "fuzz.h"

static void identify(struct bytes in, const char *name)
{
    const struct format *format = NULL;
    struct error error = {0};
    if (identify_content(in, name, &format, &error) == 0) {
        if (!format)
            abort();
        identify_compare(format, name, "text/plain", NULL);
    } else if (!error.code) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    identify(in, NULL);
    identify(in, "名簿.csv");
    identify(in, "a.docx");
    return 0;
}
