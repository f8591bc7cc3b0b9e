/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of header fields and HTML: what is written of a value is read back as itself. */
#include <stdlib.h>

#include "disarm/format/html_text.h"
#include "disarm/format/mail_field.h"
#include "disarm/format/mime_read.h"
#include "fuzz.h"

typedef unsigned field_writer(struct bytes value, struct buffer *out);

static void check(field_writer *write, struct bytes in)
{
    AUTO_BUFFER once = {0}, twice = {0};
    write(in, &once);
    write(buffer_bytes(&once), &twice);
    if (!bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    AUTO_BUFFER name = {0}, text = {0};
    check(mail_field_append_addresses, in);
    check(mail_field_append_identifiers, in);
    check(mail_field_append_date, in);
    check(mail_field_append_text, in);
    mime_parameter(in, "filename", &name);
    html_append_text(in, &text);
    return 0;
}
