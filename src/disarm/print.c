/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing descriptions of printed pages down. */
#include "disarm/print_internal.h"

#include "base/ipc.h"

void print_begin(struct buffer *out, const char *title, const char *foot)
{
    ipc_put_u8(out, PRINT_TITLE);
    ipc_put_string(out, title);
    ipc_put_string(out, foot);
}

void print_heading(struct buffer *out, const char *text)
{
    ipc_put_u8(out, PRINT_HEADING);
    ipc_put_string(out, text);
}

void print_paragraph(struct buffer *out, const char *text)
{
    ipc_put_u8(out, PRINT_PARAGRAPH);
    ipc_put_string(out, text);
}

void print_fact(struct buffer *out, const char *name, const char *value)
{
    ipc_put_u8(out, PRINT_FACT);
    ipc_put_string(out, name);
    ipc_put_string(out, value);
}

void print_table(struct buffer *out, const char *const *titles, const unsigned *shares,
                 size_t columns)
{
    ipc_put_u8(out, PRINT_TABLE);
    ipc_put_u8(out, (uint8_t)columns);
    for (size_t i = 0; i < columns; i++) {
        ipc_put_u32(out, shares[i]);
        ipc_put_string(out, titles[i]);
    }
}

void print_row(struct buffer *out, const char *const *cells, size_t columns)
{
    ipc_put_u8(out, PRINT_ROW);
    ipc_put_u8(out, (uint8_t)columns);
    for (size_t i = 0; i < columns; i++)
        ipc_put_string(out, cells[i]);
}
