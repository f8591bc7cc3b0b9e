/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The csv module: reads cells as spreadsheets do, writes each anew in RFC 4180 form. It works on
 * decoded text, so that a second byte 0x5C or 0x2C of CP932 is never taken for a sign.
 */
#include "disarm/format/csv.h"

#include <stdio.h>

#include "base/cursor.h"
#include "disarm/format/csv_formula.h"
#include "disarm/format/text_codec.h"

/* The separator is chosen by what the beginning shows. */
#define SAMPLE_LENGTH (64u << 10)

/* Formulas that get their own row in the receipt; further ones are added up. */
#define ROWS_BY_ADDRESS 100

/* Rewriting can change which separator is the most frequent one; it settles within a few rounds. */
#define ROUNDS 8

struct table {
    struct job *job; /* NULL: nothing is recorded (later rounds) */
    struct buffer *out;
    uint8_t separator;
    size_t row, column; /* from 0 */
    size_t formulas;
};

/* The separator that a first line "sep=;" names, or 0; its length with the line end in *length. */
static uint8_t take_directive(struct bytes text, size_t *length)
{
    struct cursor cursor = cursor_open(text);
    struct bytes line = cursor_line(&cursor);
    *length = cursor.position;
    if (line.length != 5 || strncasecmp((const char *)line.data, "sep=", 4))
        return 0;
    return line.data[4];
}

static uint8_t choose_separator(struct bytes text)
{
    static const uint8_t candidates[] = {',', '\t', ';'};
    size_t counts[256] = {0};
    bool quoted = false;
    for (size_t i = 0; i < text.length && i < SAMPLE_LENGTH; i++) {
        quoted ^= text.data[i] == '"';
        if (!quoted)
            counts[text.data[i]]++;
    }
    uint8_t best = candidates[0];
    for (size_t i = 1; i < sizeof candidates; i++) {
        if (counts[candidates[i]] > counts[best])
            best = candidates[i];
    }
    return best;
}

/* Appends the value of one cell; what stands behind a closing quote still belongs to it, as in
 * spreadsheets. Returns true when the cell was in quotes. */
static bool read_cell(struct bytes text, size_t *at, uint8_t separator, struct buffer *value)
{
    bool quoted = *at < text.length && text.data[*at] == '"', inside = quoted;
    if (quoted)
        (*at)++;
    for (; *at < text.length; (*at)++) {
        uint8_t byte = text.data[*at];
        if (inside && byte == '"') {
            bool doubled = *at + 1 < text.length && text.data[*at + 1] == '"';
            if (!doubled) {
                inside = false;
                continue;
            }
            (*at)++;
        } else if (!inside && (byte == separator || byte == '\n' || byte == '\r')) {
            break;
        }
        buffer_append_byte(value, byte);
    }
    return quoted;
}

static bool needs_quotes(struct bytes value, uint8_t separator)
{
    for (size_t i = 0; i < value.length; i++) {
        uint8_t byte = value.data[i];
        if (byte == '"' || byte == separator || byte == '\n' || byte == '\r')
            return true;
    }
    return false;
}

static void write_cell(struct buffer *out, struct bytes value, bool quoted)
{
    if (!quoted) {
        buffer_append_bytes(out, value);
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] == '"')
            buffer_append_byte(out, '"');
        buffer_append_byte(out, value.data[i]);
    }
    buffer_append_byte(out, '"');
}

/* A row of the receipt for a cell that was neutralised, named as spreadsheets do (AB12). */
static void record_formula(struct table *table, size_t bytes_in, size_t bytes_out)
{
    table->formulas++;
    if (!table->job)
        return;
    char letters[16], address[48];
    size_t length = sizeof letters;
    letters[--length] = '\0';
    for (size_t n = table->column + 1; n && length; n = (n - 1) / 26)
        letters[--length] = (char)('A' + (n - 1) % 26);
    snprintf(address, sizeof address, "%s%zu", letters + length, table->row + 1);
    job_record(table->job, table->formulas <= ROWS_BY_ADDRESS ? address : NULL, "cell",
               RECEIPT_REWRITTEN, "csv_formula", bytes_in, bytes_out);
}

static void rewrite_cell(struct table *table, struct bytes text, size_t *at)
{
    AUTO_BUFFER value = {0}, safe = {0};
    bool quoted = read_cell(text, at, table->separator, &value);
    if (csv_formula_disarm(buffer_bytes(&value), &safe))
        record_formula(table, value.length, safe.length);
    write_cell(table->out, buffer_bytes(&safe),
               quoted || needs_quotes(buffer_bytes(&safe), table->separator));
}

/* Takes the line end or the separator behind a cell and writes it as it is. */
static void pass_delimiter(struct table *table, struct bytes text, size_t *at)
{
    uint8_t byte = text.data[(*at)++];
    buffer_append_byte(table->out, byte);
    if (byte == table->separator) {
        table->column++;
        return;
    }
    if (byte == '\r' && *at < text.length && text.data[*at] == '\n')
        buffer_append_byte(table->out, text.data[(*at)++]);
    table->row++;
    table->column = 0;
}

static void rewrite_table(struct job *job, struct bytes text, struct buffer *out)
{
    struct table table = {.job = job, .out = out};
    size_t at = 0, length;
    uint8_t directive = take_directive(text, &length);
    if (directive == ',' || directive == ';' || directive == '\t') {
        table.separator = directive;
        buffer_append(out, text.data, length);
        at = length;
    } else {
        /* Another separator would let cells begin where nobody looked: the line goes. */
        at = directive ? length : 0;
        if (directive && job)
            job_record(job, "sep=", "csv_directive", RECEIPT_DROPPED, "csv_directive", length, 0);
        table.separator = choose_separator(bytes_slice(text, at, text.length));
    }
    while (at < text.length) {
        rewrite_cell(&table, text, &at);
        if (at < text.length)
            pass_delimiter(&table, text, &at);
    }
}

static int settle(struct job *job, struct buffer *text, struct error *error)
{
    for (int round = 0; round < ROUNDS; round++) {
        AUTO_BUFFER next = {0};
        rewrite_table(round ? NULL : job, buffer_bytes(text), &next);
        if (bytes_equal(buffer_bytes(text), buffer_bytes(&next)))
            return 0;
        struct buffer swap = *text;
        *text = next;
        next = swap;
    }
    return error_set(error, "csv_unstable", job->path, "%s", "");
}

static int treat(struct job *job, struct bytes in, bool to_utf8, struct buffer *out,
                 struct error *error)
{
    AUTO_BUFFER text = {0}, made = {0};
    struct text_source source;
    if (text_codec_open(job, in, &source, &text, error) || settle(job, &text, error))
        return -1;
    if (to_utf8) {
        /* Spreadsheets take UTF-8 without a mark for their own encoding. */
        source.mark |= source.encoding != ENCODING_UTF8;
        source.encoding = ENCODING_UTF8;
    }
    text_codec_close(job, &source, buffer_bytes(&text), &made);
    bool same = bytes_equal(in, buffer_bytes(&made));
    job_record(job, NULL, "table", same ? RECEIPT_KEPT : RECEIPT_REWRITTEN, NULL, in.length,
               made.length);
    buffer_append_bytes(out, buffer_bytes(&made));
    return 0;
}

int csv_rebuild(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    return treat(job, in, job->options->text_to_utf8, out, error);
}

int csv_extract(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    return treat(job, in, true, out, error);
}
