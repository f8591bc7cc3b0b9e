/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of WMF records that go over, and a writer for each shape that they have. */
#include "disarm/format/wmf_record.h"

#include "base/cursor.h"
#include "disarm/format/dib.h"

#define CREATE_BRUSH   0x02FC
#define BRUSH_NULL     1
#define BRUSH_DIB      5
#define FONT_FIXED     18
#define FACE_LIMIT     32
#define TEXT_BOUNDED   6 /* ETO_OPAQUE, ETO_CLIPPED */
#define TEXT_DISTANCES 0x2000

struct record {
    struct wmf *wmf;
    uint16_t function;
    struct bytes body; /* the parameters */
    struct buffer *out;
};

struct rule;

/* Appends the parameters; -1 when they are not right. */
typedef int record_writer(const struct record *record, const struct rule *rule,
                          struct error *error);

struct rule {
    uint16_t function;
    uint16_t size; /* bytes of the parameters that every such record has */
    record_writer *write;
    bool draws;
    bool creates; /* makes an object */
};

static uint16_t word(struct bytes bytes, size_t index)
{
    struct cursor cursor = cursor_open(bytes);
    cursor_seek(&cursor, index * 2);
    return cursor_u16le(&cursor);
}

static int refuse(struct error *error)
{
    return error_set(error, "bad_picture", NULL, "WMF");
}

/* Copies exactly length bytes of parameters. */
static int write_length(const struct record *record, size_t length, struct error *error)
{
    if (length > record->body.length)
        return refuse(error);
    buffer_append_bytes(record->out, bytes_slice(record->body, 0, length));
    return 0;
}

static int write_fixed(const struct record *record, const struct rule *rule, struct error *error)
{
    return write_length(record, rule->size, error);
}

/* A count and so many points (2.3.3.15). */
static int write_points(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)rule;
    return write_length(record, 2 + (size_t)word(record->body, 0) * 4, error);
}

/* Number of polygons, points of each, points (2.3.3.16). */
static int write_polygons(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)rule;
    size_t groups = word(record->body, 0), points = 0;
    for (size_t i = 0; i < groups; i++)
        points += word(record->body, 1 + i);
    return write_length(record, 2 + groups * 2 + points * 4, error);
}

/* Start or version, count, entries (2.2.1.3). */
static int write_palette(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)rule;
    return write_length(record, 4 + (size_t)word(record->body, 1) * 4, error);
}

/* A font with its face name up to the NUL (2.2.1.2). */
static int write_font(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)rule;
    struct bytes face = bytes_slice(record->body, FONT_FIXED, FACE_LIMIT - 1);
    size_t length = face.length ? strnlen((const char *)face.data, face.length) : 0;
    if (write_length(record, FONT_FIXED, error))
        return -1;
    buffer_append_bytes(record->out, bytes_slice(face, 0, length));
    buffer_append_byte(record->out, 0);
    if (length % 2 == 0)
        buffer_append_byte(record->out, 0);
    return 0;
}

/* Count, text, place (2.3.3.20). */
static int write_text(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)rule;
    size_t count = word(record->body, 0);
    return write_length(record, 2 + (count + 1) / 2 * 2 + 4, error);
}

/* Place, count, options, bounds when the options say so, text, distances (2.3.3.5). */
static int write_placed_text(const struct record *record, const struct rule *rule,
                             struct error *error)
{
    size_t count = word(record->body, 2), options = word(record->body, 3);
    size_t length = rule->size + (options & TEXT_BOUNDED ? 8 : 0) + (count + 1) / 2 * 2;
    size_t distances = count * (options & TEXT_DISTANCES ? 4 : 2);
    if (length + distances <= record->body.length)
        length += distances;
    return write_length(record, length, error);
}

/* A region of scan lines (2.2.1.5) is rare and has no simple shape: its object stays empty. */
static int write_nothing(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)record, (void)rule;
    return refuse(error);
}

/* A packed bitmap behind `size` bytes of parameters, written anew. */
static int append_bitmap(const struct record *record, size_t size, struct error *error)
{
    struct job *job = record->wmf->job;
    struct bytes packed = bytes_slice(record->body, size, SIZE_MAX);
    size_t length;
    AUTO_DIB dib = {0};
    AUTO_BUFFER pixels = {0};
    if (dib_read_info(packed, DIB_FOURTH_UNUSED, &dib, &length, job->path, error) ||
        dib_read_pixels(job, bytes_slice(packed, length, SIZE_MAX), &dib, error))
        return -1;
    bool run_length = dib_append_pixels(&dib, &pixels);
    dib.profile = (struct bytes){0};
    dib_append_info(&dib, run_length, pixels.length, record->out);
    buffer_append_bytes(record->out, buffer_bytes(&pixels));
    if (record->out->length % 2)
        buffer_append_byte(record->out, 0);
    return 0;
}

/* Whether there is a bitmap: without one a word of the parameters is unused (2.3.1.2, 2.3.1.3). */
static int write_bitmap(const struct record *record, const struct rule *rule, struct error *error)
{
    size_t bare = rule->size + 2u;
    if (record->body.length == bare)
        return write_length(record, bare, error);
    return write_length(record, rule->size, error) ? -1 : append_bitmap(record, rule->size, error);
}

/* As write_bitmap, for colours that must be red, green and blue: the usage word says so. */
static int write_colored_bitmap(const struct record *record, const struct rule *rule,
                                struct error *error)
{
    size_t usage = record->function == 0x0F43 ? 2 : 0;
    if (word(record->body, usage) != 0)
        return refuse(error);
    return write_length(record, rule->size, error) ? -1 : append_bitmap(record, rule->size, error);
}

static int write_pattern(const struct record *record, const struct rule *rule, struct error *error)
{
    if (record->body.length < rule->size || word(record->body, 1) != 0)
        return refuse(error);
    buffer_append_u16le(record->out, BRUSH_DIB);
    buffer_append_u16le(record->out, 0);
    return append_bitmap(record, rule->size, error);
}

/* By function (2.1.1.1). What is not here does not go over. */
static const struct rule rules[] = {
    {0x001E, 0, write_fixed, false, false},          /* SAVEDC */
    {0x0035, 0, write_fixed, false, false},          /* REALIZEPALETTE */
    {0x0037, 0, write_palette, false, false},        /* SETPALENTRIES */
    {0x00F7, 0, write_palette, false, true},         /* CREATEPALETTE */
    {0x0102, 2, write_fixed, false, false},          /* SETBKMODE */
    {0x0103, 2, write_fixed, false, false},          /* SETMAPMODE */
    {0x0104, 2, write_fixed, false, false},          /* SETROP2 */
    {0x0106, 2, write_fixed, false, false},          /* SETPOLYFILLMODE */
    {0x0107, 2, write_fixed, false, false},          /* SETSTRETCHBLTMODE */
    {0x0108, 2, write_fixed, false, false},          /* SETTEXTCHAREXTRA */
    {0x0127, 2, write_fixed, false, false},          /* RESTOREDC */
    {0x012A, 2, write_fixed, true, false},           /* INVERTREGION */
    {0x012B, 2, write_fixed, true, false},           /* PAINTREGION */
    {0x012C, 2, write_fixed, false, false},          /* SELECTCLIPREGION */
    {0x012D, 2, write_fixed, false, false},          /* SELECTOBJECT */
    {0x012E, 2, write_fixed, false, false},          /* SETTEXTALIGN */
    {0x0139, 2, write_fixed, false, false},          /* RESIZEPALETTE */
    {0x0142, 4, write_pattern, false, true},         /* DIBCREATEPATTERNBRUSH */
    {0x0149, 2, write_fixed, false, false},          /* SETLAYOUT */
    {0x01F0, 2, write_fixed, false, false},          /* DELETEOBJECT */
    {0x01F9, 0, write_nothing, false, true},         /* CREATEPATTERNBRUSH */
    {0x0201, 4, write_fixed, false, false},          /* SETBKCOLOR */
    {0x0209, 4, write_fixed, false, false},          /* SETTEXTCOLOR */
    {0x020A, 4, write_fixed, false, false},          /* SETTEXTJUSTIFICATION */
    {0x020B, 4, write_fixed, false, false},          /* SETWINDOWORG */
    {0x020C, 4, write_fixed, false, false},          /* SETWINDOWEXT */
    {0x020D, 4, write_fixed, false, false},          /* SETVIEWPORTORG */
    {0x020E, 4, write_fixed, false, false},          /* SETVIEWPORTEXT */
    {0x020F, 4, write_fixed, false, false},          /* OFFSETWINDOWORG */
    {0x0211, 4, write_fixed, false, false},          /* OFFSETVIEWPORTORG */
    {0x0213, 4, write_fixed, true, false},           /* LINETO */
    {0x0214, 4, write_fixed, false, false},          /* MOVETO */
    {0x0220, 4, write_fixed, false, false},          /* OFFSETCLIPRGN */
    {0x0228, 4, write_fixed, true, false},           /* FILLREGION */
    {0x0231, 4, write_fixed, false, false},          /* SETMAPPERFLAGS */
    {0x0234, 2, write_fixed, false, false},          /* SELECTPALETTE */
    {0x02FA, 10, write_fixed, false, true},          /* CREATEPENINDIRECT */
    {0x02FB, 0, write_font, false, true},            /* CREATEFONTINDIRECT */
    {0x02FC, 8, write_fixed, false, true},           /* CREATEBRUSHINDIRECT */
    {0x0324, 0, write_points, true, false},          /* POLYGON */
    {0x0325, 0, write_points, true, false},          /* POLYLINE */
    {0x0410, 8, write_fixed, false, false},          /* SCALEWINDOWEXT */
    {0x0412, 8, write_fixed, false, false},          /* SCALEVIEWPORTEXT */
    {0x0415, 8, write_fixed, false, false},          /* EXCLUDECLIPRECT */
    {0x0416, 8, write_fixed, false, false},          /* INTERSECTCLIPRECT */
    {0x0418, 8, write_fixed, true, false},           /* ELLIPSE */
    {0x0419, 8, write_fixed, true, false},           /* FLOODFILL */
    {0x041B, 8, write_fixed, true, false},           /* RECTANGLE */
    {0x041F, 8, write_fixed, true, false},           /* SETPIXEL */
    {0x0429, 8, write_fixed, true, false},           /* FRAMEREGION */
    {0x0521, 0, write_text, true, false},            /* TEXTOUT */
    {0x0538, 0, write_polygons, true, false},        /* POLYPOLYGON */
    {0x0548, 10, write_fixed, true, false},          /* EXTFLOODFILL */
    {0x061C, 12, write_fixed, true, false},          /* ROUNDRECT */
    {0x061D, 12, write_fixed, true, false},          /* PATBLT */
    {0x06FF, 0, write_nothing, false, true},         /* CREATEREGION */
    {0x0817, 16, write_fixed, true, false},          /* ARC */
    {0x081A, 16, write_fixed, true, false},          /* PIE */
    {0x0830, 16, write_fixed, true, false},          /* CHORD */
    {0x0940, 16, write_bitmap, true, false},         /* DIBBITBLT */
    {0x0A32, 8, write_placed_text, true, false},     /* EXTTEXTOUT */
    {0x0B41, 20, write_bitmap, true, false},         /* DIBSTRETCHBLT */
    {0x0D33, 18, write_colored_bitmap, true, false}, /* SETDIBTODEV */
    {0x0F43, 22, write_colored_bitmap, true, false}, /* STRETCHDIB */
};

static const struct rule *find_rule(uint16_t function)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].function == function)
            return &rules[i];
    }
    return NULL;
}

static void append_empty_brush(struct buffer *out)
{
    buffer_append_u32le(out, 7);
    buffer_append_u16le(out, CREATE_BRUSH);
    buffer_append_u16le(out, BRUSH_NULL);
    buffer_append_u32le(out, 0);
    buffer_append_u16le(out, 0);
}

int wmf_record_append(struct wmf *wmf, uint16_t function, struct bytes body, struct buffer *out,
                      struct error *error)
{
    const struct rule *rule = find_rule(function);
    struct record record = {wmf, function, body, out};
    size_t start = out->length;
    struct error own = {0};
    if (!rule)
        return 0;
    buffer_append_u32le(out, 0);
    buffer_append_u16le(out, function);
    if (rule->write(&record, rule, &own)) {
        out->length = start;
        if (!strncmp(own.code, "limit_", 6)) {
            *error = own;
            return -1;
        }
        if (rule->creates)
            append_empty_brush(out);
        return 0;
    }
    uint32_t words = (uint32_t)((out->length - start) / 2);
    for (size_t i = 0; i < 4; i++)
        out->data[start + i] = (uint8_t)(words >> 8 * i);
    wmf->drawn += rule->draws;
    return 0;
}
