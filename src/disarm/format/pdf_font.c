/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Font programs: which kind it is; Type 1 and CFF by their structure. */
#include "base/cursor.h"
#include "disarm/format/pdf_program.h"
#include "disarm/format/pdf_token.h"

/* One INDEX of CFF (Technical Note 5176, 5): offsets that grow and stay inside. */
static bool skip_index(struct cursor *cursor, unsigned *count)
{
    *count = cursor_u16be(cursor);
    if (!*count)
        return !cursor->failed;
    unsigned size = cursor_u8(cursor);
    if (size < 1 || size > 4)
        return false;
    uint32_t last = 1;
    for (unsigned i = 0; i <= *count; i++) {
        uint32_t offset = 0;
        for (unsigned k = 0; k < size; k++)
            offset = offset << 8 | cursor_u8(cursor);
        if (cursor->failed || offset < last || (i == 0 && offset != 1))
            return false;
        last = offset;
    }
    cursor_skip(cursor, last - 1);
    return !cursor->failed;
}

bool pdf_cff_is_sane(struct bytes program)
{
    struct cursor cursor = cursor_open(program);
    unsigned major = cursor_u8(&cursor);
    cursor_u8(&cursor);
    unsigned header = cursor_u8(&cursor), count = 0, fonts = 0;
    cursor_seek(&cursor, header);
    return major == 1 && header >= 4 && skip_index(&cursor, &fonts) && fonts == 1 &&
           skip_index(&cursor, &count) && count == 1 && skip_index(&cursor, &count) &&
           skip_index(&cursor, &count);
}

/* The parts of a PFB file put together without their headers (Technical Note 5040, 3.3). */
static void unwrap_pfb(struct bytes program, struct buffer *out)
{
    struct cursor cursor = cursor_open(program);
    while (cursor_u8(&cursor) == 0x80) {
        unsigned kind = cursor_u8(&cursor);
        if (kind != 1 && kind != 2)
            break;
        uint32_t length = cursor_u32le(&cursor);
        size_t left = cursor_remaining(&cursor);
        buffer_append_bytes(out, cursor_take(&cursor, length < left ? length : left));
    }
}

/* Where the encrypted part begins: behind "eexec" and its white space. */
static size_t find_private_part(struct bytes program)
{
    size_t at = bytes_find(program, 0, "eexec");
    while (at != SIZE_MAX && bytes_find(program, at + 5, "eexec") == at + 5)
        at += 5;
    if (at == SIZE_MAX)
        return SIZE_MAX;
    at += 5;
    for (int i = 0; i < 2 && at < program.length && pdf_is_space(program.data[at]); i++)
        at++;
    return at;
}

/* Where the zeroes of the last part begin; the end when there are none. */
static size_t find_last_part(struct bytes program, size_t from)
{
    size_t end = program.length;
    while (end > from && pdf_is_space(program.data[end - 1]))
        end--;
    if (end >= 11 && !memcmp(program.data + end - 11, "cleartomark", 11))
        end -= 11;
    size_t zeroes = 0;
    while (end > from && (program.data[end - 1] == '0' || pdf_is_space(program.data[end - 1])))
        zeroes += program.data[--end] == '0';
    return zeroes >= 256 ? end : program.length;
}

bool pdf_type1_rewrite(struct bytes program, struct buffer *out, struct buffer *keys)
{
    AUTO_BUFFER plain = {0};
    if (program.data[0] == 0x80) {
        unwrap_pfb(program, &plain);
        program = buffer_bytes(&plain);
    }
    size_t private_part = find_private_part(program);
    if (private_part == SIZE_MAX || private_part >= program.length)
        return false;
    size_t last_part = find_last_part(program, private_part);
    buffer_append_bytes(out, program);
    buffer_append_format(keys, "/Length1 %zu/Length2 %zu/Length3 %zu", private_part,
                         last_part - private_part, program.length - last_part);
    return true;
}

bool pdf_font_rewrite(struct bytes program, struct buffer *out, struct buffer *keys)
{
    while (program.length && pdf_is_space(program.data[0]) && program.data[0])
        program = bytes_slice(program, 1, SIZE_MAX);
    if (program.length < 4)
        return false;
    static const char *const sfnt[] = {"\0\1\0\0", "true", "OTTO", "ttcf"};
    for (size_t i = 0; i < sizeof sfnt / sizeof *sfnt; i++) {
        if (!memcmp(program.data, sfnt[i], 4)) {
            if (!pdf_sfnt_rewrite(program, out))
                return false;
            buffer_append_format(keys, "/Length1 %zu", out->length);
            return true;
        }
    }
    if (bytes_start_with(program, "%!") || program.data[0] == 0x80)
        return pdf_type1_rewrite(program, out, keys);
    if (!pdf_cff_is_sane(program))
        return false;
    buffer_append_bytes(out, program);
    return true;
}
