/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader of mails: a strict walk of the one form that our writer has. */
#include "disarm/verify/mail.h"

#include <ctype.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/utf8.h"
#include "disarm/verify/name.h"
#include "disarm/verify/text.h"
#include "disarm/verify/verify.h"

enum {
    LINE_MAXIMUM = 998, /* RFC 5322 2.1.1 */
    BASE64_LINE = 76,
    BOUNDARY_LENGTH = 26, /* "=_sekisho_" and 16 hexadecimal digits */
};

static const char *const field_names[] = {
    "Date: ", "From: ",    "Sender: ",     "Reply-To: ",    "To: ",
    "Cc: ",   "Subject: ", "Message-ID: ", "In-Reply-To: ", "References: ",
};

static int bad(struct error *error, const struct cursor *cursor, const char *what)
{
    return error_set(error, "verify_mail", NULL, "%s, offset %zu", what, cursor->position);
}

static bool holds(struct bytes text, const char *what)
{
    return bytes_find(text, 0, what) != SIZE_MAX;
}

/* Takes the next line, which must end in CRLF. */
static bool take_line(struct cursor *cursor, struct bytes *line)
{
    size_t end = bytes_find(cursor->bytes, cursor->position, "\r\n");
    if (end == SIZE_MAX)
        return false;
    *line = cursor_take(cursor, end - cursor->position);
    cursor_skip(cursor, 2);
    return line->length <= LINE_MAXIMUM;
}

/* Takes a line when it is exactly this. */
static bool take_exactly(struct cursor *cursor, const char *wanted)
{
    struct cursor next = *cursor;
    struct bytes line;
    if (!take_line(&next, &line) || !bytes_equal_string(line, wanted))
        return false;
    *cursor = next;
    return true;
}

static int digit_value(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* Decodes four characters of canonical base64; the number of bytes, or -1. */
static int decode_quad(const uint8_t *quad, bool last, uint8_t bytes[3])
{
    int padding = quad[3] == '=' ? (quad[2] == '=' ? 2 : 1) : 0;
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++) {
        int value = i >= 4 - padding ? 0 : digit_value(quad[i]);
        if (value < 0)
            return -1;
        bits = bits << 6 | (uint32_t)value;
    }
    bytes[0] = (uint8_t)(bits >> 16);
    bytes[1] = (uint8_t)(bits >> 8);
    bytes[2] = (uint8_t)bits;
    bool clean = !padding || (padding == 1 ? !bytes[2] : !bytes[1] && !bytes[2]);
    return clean && (!padding || last) ? 3 - padding : -1;
}

/* Canonical base64 without line ends. */
static bool decode_run(struct bytes text, bool last_run, struct buffer *out)
{
    if (text.length % 4)
        return false;
    for (size_t i = 0; i < text.length; i += 4) {
        uint8_t bytes[3];
        int count = decode_quad(text.data + i, last_run && i + 4 == text.length, bytes);
        if (count < 0)
            return false;
        buffer_append(out, bytes, (size_t)count);
    }
    return true;
}

/* Lines of exactly 76 characters, the last one shorter or as long. */
static bool decode_lines(struct bytes text, struct buffer *out)
{
    while (text.length > BASE64_LINE) {
        if (!decode_run(bytes_slice(text, 0, BASE64_LINE), false, out) ||
            !bytes_start_with(bytes_slice(text, BASE64_LINE, 2), "\r\n"))
            return false;
        text = bytes_slice(text, BASE64_LINE + 2, text.length);
        if (!text.length)
            return false;
    }
    return decode_run(text, true, out);
}

/* Every encoded word is UTF-8 in base64 and shows nothing that deceives. */
static bool check_words(struct bytes line, struct error *error)
{
    for (size_t at = bytes_find(line, 0, "=?"); at != SIZE_MAX; at = bytes_find(line, at, "=?")) {
        AUTO_BUFFER decoded = {0};
        size_t end = bytes_find(line, at + 10, "?=");
        if (!bytes_start_with(bytes_slice(line, at, 10), "=?UTF-8?B?") || end == SIZE_MAX ||
            !decode_run(bytes_slice(line, at + 10, end - at - 10), true, &decoded) ||
            !utf8_valid(buffer_bytes(&decoded)) || holds(buffer_bytes(&decoded), "\n") ||
            holds(buffer_bytes(&decoded), "\r"))
            return false;
        /* A mark may stand at the start of a word: the word before it bears it. */
        AUTO_BUFFER text = {0};
        buffer_append_string(&text, "_");
        buffer_append_bytes(&text, buffer_bytes(&decoded));
        if (verify_characters(buffer_bytes(&text), error))
            return false;
        at = end + 2;
    }
    return true;
}

static bool is_printable(struct bytes line)
{
    for (size_t i = 0; i < line.length; i++) {
        if (line.data[i] < ' ' || line.data[i] > '~')
            return false;
    }
    return line.length > 0;
}

/* The fields in their order, each with its folded lines, up to MIME-Version. */
static int check_fields(struct cursor *cursor, struct error *error)
{
    size_t next = 0, count = sizeof field_names / sizeof *field_names;
    struct bytes line;
    while (!take_exactly(cursor, "MIME-Version: 1.0")) {
        if (!take_line(cursor, &line))
            return bad(error, cursor, "line");
        bool folded = next && line.length > 1 && line.data[0] == ' ' && line.data[1] != ' ';
        while (!folded && next < count && !bytes_start_with(line, field_names[next]))
            next++;
        if (!folded && next++ >= count)
            return bad(error, cursor, "field");
        if (!is_printable(line) || !check_words(line, error))
            return bad(error, cursor, "field value");
    }
    return 0;
}

static int check_text(const struct cursor *cursor, struct bytes body, bool base64,
                      struct error *error)
{
    AUTO_BUFFER text = {0};
    if (!base64)
        buffer_append_bytes(&text, body);
    else if (!decode_lines(body, &text))
        return bad(error, cursor, "base64");
    for (size_t i = 0; i < text.length; i++) {
        bool cr = text.data[i] == '\r', lf = text.data[i] == '\n';
        if ((!base64 && text.data[i] >= 0x80) ||
            (cr && (i + 1 == text.length || text.data[i + 1] != '\n')) ||
            (lf && (!i || text.data[i - 1] != '\r')))
            return bad(error, cursor, "text");
    }
    return verify_characters(buffer_bytes(&text), error);
}

static int hex_value(uint8_t digit)
{
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                          : -1;
}

/* The file name of ` filename="…"` or ` filename*=UTF-8''…`. */
static bool read_name(struct bytes line, struct buffer *name)
{
    if (bytes_start_with(line, " filename=\"") && line.length > 12 &&
        line.data[line.length - 1] == '"') {
        buffer_append_bytes(name, bytes_slice(line, 11, line.length - 12));
        return !holds(buffer_bytes(name), "\"") && !holds(buffer_bytes(name), "\\");
    }
    if (!bytes_start_with(line, " filename*=UTF-8''"))
        return false;
    for (size_t i = 18; i < line.length; i++) {
        uint8_t byte = line.data[i];
        if (byte == '%' && i + 2 < line.length) {
            int high = hex_value(line.data[i + 1]), low = hex_value(line.data[i + 2]);
            if (high < 0 || low < 0)
                return false;
            buffer_append_byte(name, (uint8_t)(high << 4 | low));
            i += 2;
        } else if (isalnum(byte) || byte == '.' || byte == '-' || byte == '_') {
            buffer_append_byte(name, byte);
        } else {
            return false;
        }
    }
    return true;
}

static int check_file(struct verify_job *job, const struct cursor *cursor, struct bytes type,
                      bool seven_bit, struct bytes name_line, struct bytes body,
                      struct error *error)
{
    AUTO_BUFFER name = {0}, data = {0};
    if (!read_name(name_line, &name) || verify_path(buffer_bytes(&name), error) ||
        holds(buffer_bytes(&name), "/"))
        return bad(error, cursor, "file name");
    const struct format *format = verify_claimed_format(buffer_bytes(&name));
    bool mail = bytes_equal_string(type, "message/rfc822");
    if (!format || !bytes_equal_string(type, format->media_type) || mail != seven_bit)
        return bad(error, cursor, "media type");
    if (!mail && !decode_lines(body, &data))
        return bad(error, cursor, "base64");
    job->unpacked_bytes += data.length;
    return verify_nested(job, format->name, mail ? body : buffer_bytes(&data), error);
}

/* One entity that reaches to the end of the cursor: a text or a file. */
static int check_entity(struct verify_job *job, struct cursor *cursor, bool may_be_file,
                        struct error *error)
{
    struct bytes type, transfer, name;
    if (!take_line(cursor, &type) || !bytes_start_with(type, "Content-Type: ") ||
        !take_line(cursor, &transfer))
        return bad(error, cursor, "part");
    type = bytes_slice(type, 14, type.length);
    bool seven_bit = bytes_equal_string(transfer, "Content-Transfer-Encoding: 7bit");
    if (!seven_bit && !bytes_equal_string(transfer, "Content-Transfer-Encoding: base64"))
        return bad(error, cursor, "transfer encoding");
    if (bytes_equal_string(type, "text/plain; charset=UTF-8")) {
        if (!take_exactly(cursor, ""))
            return bad(error, cursor, "part");
        struct bytes body = cursor_take_rest(cursor);
        return check_text(cursor, body, !seven_bit, error);
    }
    if (!may_be_file || !take_exactly(cursor, "Content-Disposition: attachment;") ||
        !take_line(cursor, &name) || !take_exactly(cursor, ""))
        return bad(error, cursor, "part");
    struct bytes body = cursor_take_rest(cursor);
    return check_file(job, cursor, type, seven_bit, name, body, error);
}

/* ` boundary="=_sekisho_0123456789abcdef"` → the delimiter with CRLF before it. */
static bool read_boundary(struct bytes line, struct buffer *delimiter)
{
    if (line.length != 12 + BOUNDARY_LENGTH || !bytes_start_with(line, " boundary=\"=_sekisho_") ||
        line.data[line.length - 1] != '"')
        return false;
    for (size_t i = 21; i + 1 < line.length; i++) {
        if (!isxdigit(line.data[i]))
            return false;
    }
    buffer_append_string(delimiter, "\r\n--");
    buffer_append_bytes(delimiter, bytes_slice(line, 11, BOUNDARY_LENGTH));
    return true;
}

static int check_multipart(struct verify_job *job, struct cursor *cursor, struct error *error)
{
    AUTO_BUFFER delimiter = {0};
    struct bytes line;
    if (!take_line(cursor, &line) || !read_boundary(line, &delimiter))
        return bad(error, cursor, "boundary");
    const char *mark = buffer_string(&delimiter);
    /* The CRLF of the empty line is the one before the first delimiter. */
    size_t at = cursor->position;
    if (bytes_find(cursor->bytes, at, mark) != at)
        return bad(error, cursor, "boundary");
    for (;;) {
        cursor_seek(cursor, at + delimiter.length);
        if (take_exactly(cursor, "--"))
            return cursor_at_end(cursor) ? 0 : bad(error, cursor, "bytes behind the end");
        size_t next = bytes_find(cursor->bytes, cursor->position, mark);
        if (!take_exactly(cursor, "") || next == SIZE_MAX || next < cursor->position)
            return bad(error, cursor, "delimiter");
        struct cursor part =
            cursor_open(bytes_slice(cursor->bytes, cursor->position, next - cursor->position));
        if (check_entity(job, &part, true, error))
            return -1;
        at = next;
    }
}

int verify_mail(struct verify_job *job, struct bytes file, struct error *error)
{
    struct cursor cursor = cursor_open(file);
    if (check_fields(&cursor, error))
        return -1;
    if (take_exactly(&cursor, "Content-Type: multipart/mixed;"))
        return check_multipart(job, &cursor, error);
    return check_entity(job, &cursor, false, error);
}
