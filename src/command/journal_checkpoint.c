/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `sekisho journal checkpoint`: the seal to print and keep. Whoever has the paper can show later,
 * with `verify --since`, whether the record was rolled back or rewritten. The code holds the same
 * bytes as the text, so that nobody has to type them.
 */
#include <qrencode.h>

#include "command/command.h"
#include "command/journal_options.h"
#include "journal/reader.h"

enum { QUIET_ZONE = 4 }; /* modules of white around the code (ISO/IEC 18004) */

static bool is_dark(const QRcode *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width)
        return false;
    return code->data[y * code->width + x] & 1;
}

/* Two rows of modules a line, in block characters; dark is ink, as on paper. */
static void show_code(const QRcode *code)
{
    static const char *const blocks[] = {" ", "▀", "▄", "█"};
    AUTO_BUFFER out = {0};
    for (int y = -QUIET_ZONE; y < code->width + QUIET_ZONE; y += 2) {
        for (int x = -QUIET_ZONE; x < code->width + QUIET_ZONE; x++)
            buffer_append_string(&out, blocks[is_dark(code, x, y) + 2 * is_dark(code, x, y + 1)]);
        buffer_append_byte(&out, '\n');
    }
    fwrite(out.data, 1, out.length, stdout);
}

int journal_print_checkpoint(const struct journal_request *request)
{
    AUTO_BUFFER bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct error error;
    struct journal_reader *reader = journal_reader_open(request->paths[0], &error);
    int result = reader ? journal_reader_checkpoint(reader, &bytes, &error) : -1;
    journal_reader_free(reader);
    if (result < 0 ||
        checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "checkpoint", &error) < 0) {
        command_say_error(stderr, request->language, &error);
        return COMMAND_FAILED;
    }
    fwrite(bytes.data, 1, bytes.length, stdout);
    QRcode *code = QRcode_encodeData((int)bytes.length, bytes.data, 0, QR_ECLEVEL_M);
    if (!code) /* more than a code can hold: the text is all there is */
        return COMMAND_DONE;
    putchar('\n');
    show_code(code);
    QRcode_free(code);
    return COMMAND_DONE;
}
