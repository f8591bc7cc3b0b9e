/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of EMF records that go over, and a writer for each shape that they have. */
#include "disarm/format/emf_record.h"

#include "base/cursor.h"
#include "disarm/format/dib.h"

#define TYPES                121
#define STOCK_OBJECT         0x80000000u
#define STOCK_LAST           19
#define FONT_LENGTH          92
#define FONT_NAME            28  /* of the face name inside LogFont */
#define FONT_RECORD          332 /* LogFontPanose: LogFont and fields that stay zero */
#define PEN_LENGTH           52
#define PEN_STYLES_LIMIT     16
#define TEXT_LENGTH          76
#define TEXT_PAIRS           0x2000 /* ETO_PDY: distances in both directions */
#define SMALL_TEXT_NO_BOUNDS 0x100
#define SMALL_TEXT_BYTES     0x200
#define REGION_HEADER        32

struct record {
    struct emf *emf;
    uint32_t type;
    struct bytes bytes; /* all of it */
    struct buffer *out;
};

struct rule;

/* Appends the body; 0 also when the record is not right and nothing was appended. */
typedef int record_writer(const struct record *record, const struct rule *rule,
                          struct error *error);

enum handle_use { HANDLE_NONE, HANDLE_CREATE, HANDLE_SELECT, HANDLE_DELETE };

struct rule {
    record_writer *write;
    uint16_t size;  /* bytes of the part that every such record has, type and size included */
    uint8_t unit;   /* bytes of a point, or of a character */
    uint8_t bitmap; /* offset of the four fields that place a bitmap */
    uint8_t usage;  /* offset of that bitmap's colour usage */
    uint8_t handle; /* enum handle_use of the field at offset 8 */
    bool draws;
};

static uint32_t field(struct bytes bytes, size_t offset)
{
    struct cursor cursor = cursor_open(bytes);
    cursor_seek(&cursor, offset);
    return cursor_u32le(&cursor);
}

/* Starts the new record: type, room for its size, and the fields up to `length`. */
static void begin(const struct record *record, size_t length)
{
    buffer_append_u32le(record->out, record->type);
    buffer_append_u32le(record->out, 0);
    buffer_append_bytes(record->out, bytes_slice(record->bytes, 8, length - 8));
}

static void append_zeroes(struct buffer *out, size_t count)
{
    while (count--)
        buffer_append_byte(out, 0);
}

void emf_patch_u32(struct buffer *out, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        out->data[at + i] = (uint8_t)(value >> 8 * i);
}

/* A record whose length follows from its counts: copies exactly that. */
static int write_length(const struct record *record, uint64_t length)
{
    if (length <= record->bytes.length)
        begin(record, length);
    return 0;
}

static int write_fixed(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)error;
    return write_length(record, rule->size);
}

/* Bounds, count, points (2.3.5.16 and others). */
static int write_points(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)error;
    return write_length(record, 28 + (uint64_t)field(record->bytes, 24) * rule->unit);
}

/* Bounds, count, points, a byte for each point (2.3.5.22). */
static int write_drawn_points(const struct record *record, const struct rule *rule,
                              struct error *error)
{
    (void)error;
    return write_length(record, 28 + (uint64_t)field(record->bytes, 24) * (rule->unit + 1u));
}

/* Bounds, number of polygons, count of all points, count of each, points (2.3.5.24). */
static int write_polygons(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)error;
    uint64_t groups = field(record->bytes, 24), count = field(record->bytes, 28), sum = 0;
    uint64_t length = 32 + groups * 4 + count * rule->unit;
    if (length > record->bytes.length)
        return 0;
    for (uint64_t i = 0; i < groups; i++)
        sum += field(record->bytes, 32 + i * 4);
    return sum == count ? write_length(record, length) : 0;
}

/* A palette's entries, counted by 16 bits at offset 14 (2.2.18). */
static int write_palette(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)rule, (void)error;
    uint32_t head = field(record->bytes, 12);
    return (head & 0xFFFF) == 0x300 ? write_length(record, 16 + (uint64_t)(head >> 16) * 4) : 0;
}

/* Vertices, then triangles or rectangles (2.3.5.12). */
static int write_gradient(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)rule, (void)error;
    uint64_t vertices = field(record->bytes, 24), shapes = field(record->bytes, 28);
    uint32_t mode = field(record->bytes, 32);
    if (mode > 2)
        return 0;
    return write_length(record, 36 + vertices * 16 + shapes * (mode == 2 ? 12 : 8));
}

/* Region data behind `size` bytes, its length in the field in front of rule->unit (2.2.24). */
static int write_region(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)error;
    uint64_t length = field(record->bytes, rule->unit), start = rule->size;
    struct bytes region = bytes_slice(record->bytes, start, SIZE_MAX);
    if (length == 0 && record->type == 75)
        return write_length(record, start); /* resets the clipping */
    uint64_t count = field(region, 8);
    if (field(region, 0) != REGION_HEADER || field(region, 4) != 1 ||
        length != REGION_HEADER + count * 16)
        return 0;
    return write_length(record, start + length);
}

/* LogFont with its face name up to the NUL; full name, style and the like stay zero (2.2.13). */
static int write_font(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)error;
    if (record->bytes.length < rule->size)
        return 0;
    size_t start = record->out->length;
    begin(record, rule->size);
    append_zeroes(record->out, FONT_RECORD - rule->size);
    uint8_t *name = record->out->data + start + 12 + FONT_NAME;
    bool ended = false;
    for (size_t i = 0; i < 64; i += 2) {
        ended |= !name[i] && !name[i + 1];
        if (ended || i == 62)
            name[i] = name[i + 1] = 0;
    }
    return 0;
}

/* A pen without its bitmap, which few readers draw (2.3.7.9). */
static int write_pen(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)error;
    uint32_t styles = field(record->bytes, 48);
    uint64_t length = rule->size + (uint64_t)styles * 4;
    if (styles > PEN_STYLES_LIMIT || length > record->bytes.length)
        return 0;
    size_t start = record->out->length;
    begin(record, length);
    memset(record->out->data + start + 12, 0, 16);
    if (field(record->bytes, 36) > 2)
        emf_patch_u32(record->out, start + 36, 0); /* solid instead of a pattern */
    return 0;
}

/* Text with its distances, each placed behind the fixed part (2.3.5.8). */
static int write_text(const struct record *record, const struct rule *rule, struct error *error)
{
    (void)error;
    struct bytes bytes = record->bytes;
    uint64_t count = field(bytes, 44), pairs = field(bytes, 52) & TEXT_PAIRS ? 2 : 1;
    struct bytes text = bytes_slice(bytes, field(bytes, 48), count * rule->unit);
    struct bytes distances = bytes_slice(bytes, field(bytes, 72), count * 4 * pairs);
    if (bytes.length < rule->size || text.length != count * rule->unit ||
        distances.length != count * 4 * pairs)
        return 0;
    size_t start = record->out->length;
    begin(record, rule->size);
    emf_patch_u32(record->out, start + 48, rule->size);
    buffer_append_bytes(record->out, text);
    append_zeroes(record->out, (0 - text.length) & 3);
    emf_patch_u32(record->out, start + 72, (uint32_t)(record->out->length - start));
    buffer_append_bytes(record->out, distances);
    return 0;
}

/* Text without distances (2.3.5.37). */
static int write_small_text(const struct record *record, const struct rule *rule,
                            struct error *error)
{
    (void)error;
    uint64_t count = field(record->bytes, 16);
    uint32_t options = field(record->bytes, 20);
    uint64_t bounds = options & SMALL_TEXT_NO_BOUNDS ? 0 : 16;
    uint64_t unit = options & SMALL_TEXT_BYTES ? 1 : 2;
    return write_length(record, rule->size + bounds + count * unit);
}

/* A bitmap placed by the record, written anew behind the fixed part (2.3.1). */
static int write_bitmap(const struct record *record, const struct rule *rule, struct error *error)
{
    struct bytes bytes = record->bytes;
    struct job *job = record->emf->job;
    size_t info_length = field(bytes, rule->bitmap + 4u), length;
    if (bytes.length < rule->size)
        return 0;
    size_t start = record->out->length;
    begin(record, rule->size);
    memset(record->out->data + start + rule->bitmap, 0, 16);
    if (info_length == 0 && !rule->unit)
        return 0; /* fills without a bitmap */
    struct bytes info = bytes_slice(bytes, field(bytes, rule->bitmap), info_length);
    struct bytes bits =
        bytes_slice(bytes, field(bytes, rule->bitmap + 8u), field(bytes, rule->bitmap + 12u));
    AUTO_DIB dib = {0};
    AUTO_BUFFER pixels = {0};
    if (field(bytes, rule->usage) != 0)
        return error_set(error, "picture_unsupported", job->path, "DIB_PAL_COLORS");
    if (dib_read_info(info, DIB_FOURTH_KEPT, &dib, &length, job->path, error) ||
        dib_read_pixels(job, bits, &dib, error))
        return -1;
    if (record->type == 80 && (field(bytes, 68) || field(bytes, 72) < dib.height))
        return error_set(error, "picture_unsupported", job->path, "SETDIBITSTODEVICE");
    bool run_length = dib_append_pixels(&dib, &pixels);
    emf_patch_u32(record->out, start + rule->bitmap, rule->size);
    size_t made = record->out->length;
    dib.profile = (struct bytes){0};
    dib_append_info(&dib, run_length, pixels.length, record->out);
    emf_patch_u32(record->out, start + rule->bitmap + 4, (uint32_t)(record->out->length - made));
    emf_patch_u32(record->out, start + rule->bitmap + 8, (uint32_t)(record->out->length - start));
    emf_patch_u32(record->out, start + rule->bitmap + 12, (uint32_t)pixels.length);
    buffer_append_bytes(record->out, buffer_bytes(&pixels));
    return 0;
}

#define FIXED(bytes)                                                                               \
    {                                                                                              \
        write_fixed, bytes, 0, 0, 0, HANDLE_NONE, false                                            \
    }
#define DRAWN(bytes)                                                                               \
    {                                                                                              \
        write_fixed, bytes, 0, 0, 0, HANDLE_NONE, true                                             \
    }
#define OBJECT(writer, bytes, use)                                                                 \
    {                                                                                              \
        writer, bytes, 0, 0, 0, use, false                                                         \
    }
#define POINTS(writer, bytes)                                                                      \
    {                                                                                              \
        writer, 28, bytes, 0, 0, HANDLE_NONE, true                                                 \
    }
#define BITMAP(bytes, place, colors)                                                               \
    {                                                                                              \
        write_bitmap, bytes, 0, place, colors, HANDLE_NONE, true                                   \
    }
#define BRUSH(bytes, place, colors)                                                                \
    {                                                                                              \
        write_bitmap, bytes, 1, place, colors, HANDLE_CREATE, false                                \
    }

/* By record type (2.1.1). What is not here does not go over. */
static const struct rule rules[TYPES] = {
    [2] = POINTS(write_points, 8),                                /* POLYBEZIER */
    [3] = POINTS(write_points, 8),                                /* POLYGON */
    [4] = POINTS(write_points, 8),                                /* POLYLINE */
    [5] = POINTS(write_points, 8),                                /* POLYBEZIERTO */
    [6] = POINTS(write_points, 8),                                /* POLYLINETO */
    [7] = POINTS(write_polygons, 8),                              /* POLYPOLYLINE */
    [8] = POINTS(write_polygons, 8),                              /* POLYPOLYGON */
    [9] = FIXED(16),                                              /* SETWINDOWEXTEX */
    [10] = FIXED(16),                                             /* SETWINDOWORGEX */
    [11] = FIXED(16),                                             /* SETVIEWPORTEXTEX */
    [12] = FIXED(16),                                             /* SETVIEWPORTORGEX */
    [13] = FIXED(16),                                             /* SETBRUSHORGEX */
    [15] = DRAWN(20),                                             /* SETPIXELV */
    [16] = FIXED(12),                                             /* SETMAPPERFLAGS */
    [17] = FIXED(12),                                             /* SETMAPMODE */
    [18] = FIXED(12),                                             /* SETBKMODE */
    [19] = FIXED(12),                                             /* SETPOLYFILLMODE */
    [20] = FIXED(12),                                             /* SETROP2 */
    [21] = FIXED(12),                                             /* SETSTRETCHBLTMODE */
    [22] = FIXED(12),                                             /* SETTEXTALIGN */
    [23] = FIXED(32),                                             /* SETCOLORADJUSTMENT */
    [24] = FIXED(12),                                             /* SETTEXTCOLOR */
    [25] = FIXED(12),                                             /* SETBKCOLOR */
    [26] = FIXED(16),                                             /* OFFSETCLIPRGN */
    [27] = FIXED(16),                                             /* MOVETOEX */
    [28] = FIXED(8),                                              /* SETMETARGN */
    [29] = FIXED(24),                                             /* EXCLUDECLIPRECT */
    [30] = FIXED(24),                                             /* INTERSECTCLIPRECT */
    [31] = FIXED(24),                                             /* SCALEVIEWPORTEXTEX */
    [32] = FIXED(24),                                             /* SCALEWINDOWEXTEX */
    [33] = FIXED(8),                                              /* SAVEDC */
    [34] = FIXED(12),                                             /* RESTOREDC */
    [35] = FIXED(32),                                             /* SETWORLDTRANSFORM */
    [36] = FIXED(36),                                             /* MODIFYWORLDTRANSFORM */
    [37] = OBJECT(write_fixed, 12, HANDLE_SELECT),                /* SELECTOBJECT */
    [38] = OBJECT(write_fixed, 28, HANDLE_CREATE),                /* CREATEPEN */
    [39] = OBJECT(write_fixed, 24, HANDLE_CREATE),                /* CREATEBRUSHINDIRECT */
    [40] = OBJECT(write_fixed, 12, HANDLE_DELETE),                /* DELETEOBJECT */
    [41] = DRAWN(28),                                             /* ANGLEARC */
    [42] = DRAWN(24),                                             /* ELLIPSE */
    [43] = DRAWN(24),                                             /* RECTANGLE */
    [44] = DRAWN(32),                                             /* ROUNDRECT */
    [45] = DRAWN(40),                                             /* ARC */
    [46] = DRAWN(40),                                             /* CHORD */
    [47] = DRAWN(40),                                             /* PIE */
    [48] = OBJECT(write_fixed, 12, HANDLE_SELECT),                /* SELECTPALETTE */
    [49] = OBJECT(write_palette, 16, HANDLE_CREATE),              /* CREATEPALETTE */
    [52] = FIXED(8),                                              /* REALIZEPALETTE */
    [53] = DRAWN(24),                                             /* EXTFLOODFILL */
    [54] = DRAWN(16),                                             /* LINETO */
    [55] = DRAWN(40),                                             /* ARCTO */
    [56] = POINTS(write_drawn_points, 8),                         /* POLYDRAW */
    [57] = FIXED(12),                                             /* SETARCDIRECTION */
    [58] = FIXED(12),                                             /* SETMITERLIMIT */
    [59] = FIXED(8),                                              /* BEGINPATH */
    [60] = FIXED(8),                                              /* ENDPATH */
    [61] = FIXED(8),                                              /* CLOSEFIGURE */
    [62] = DRAWN(24),                                             /* FILLPATH */
    [63] = DRAWN(24),                                             /* STROKEANDFILLPATH */
    [64] = DRAWN(24),                                             /* STROKEPATH */
    [65] = FIXED(8),                                              /* FLATTENPATH */
    [66] = FIXED(8),                                              /* WIDENPATH */
    [67] = FIXED(12),                                             /* SELECTCLIPPATH */
    [68] = FIXED(8),                                              /* ABORTPATH */
    [71] = {write_region, 32, 24, 0, 0, HANDLE_NONE, true},       /* FILLRGN */
    [72] = {write_region, 40, 24, 0, 0, HANDLE_NONE, true},       /* FRAMERGN */
    [73] = {write_region, 28, 24, 0, 0, HANDLE_NONE, true},       /* INVERTRGN */
    [74] = {write_region, 28, 24, 0, 0, HANDLE_NONE, true},       /* PAINTRGN */
    [75] = {write_region, 16, 8, 0, 0, HANDLE_NONE, false},       /* EXTSELECTCLIPRGN */
    [76] = BITMAP(100, 84, 80),                                   /* BITBLT */
    [77] = BITMAP(108, 84, 80),                                   /* STRETCHBLT */
    [80] = BITMAP(76, 48, 64),                                    /* SETDIBITSTODEVICE */
    [81] = BITMAP(80, 48, 64),                                    /* STRETCHDIBITS */
    [82] = OBJECT(write_font, 104, HANDLE_CREATE),                /* EXTCREATEFONTINDIRECTW */
    [83] = {write_text, TEXT_LENGTH, 1, 0, 0, HANDLE_NONE, true}, /* EXTTEXTOUTA */
    [84] = {write_text, TEXT_LENGTH, 2, 0, 0, HANDLE_NONE, true}, /* EXTTEXTOUTW */
    [85] = POINTS(write_points, 4),                               /* POLYBEZIER16 */
    [86] = POINTS(write_points, 4),                               /* POLYGON16 */
    [87] = POINTS(write_points, 4),                               /* POLYLINE16 */
    [88] = POINTS(write_points, 4),                               /* POLYBEZIERTO16 */
    [89] = POINTS(write_points, 4),                               /* POLYLINETO16 */
    [90] = POINTS(write_polygons, 4),                             /* POLYPOLYLINE16 */
    [91] = POINTS(write_polygons, 4),                             /* POLYPOLYGON16 */
    [92] = POINTS(write_drawn_points, 4),                         /* POLYDRAW16 */
    [93] = BRUSH(32, 16, 12),                                     /* CREATEMONOBRUSH */
    [94] = BRUSH(32, 16, 12),                                     /* CREATEDIBPATTERNBRUSHPT */
    [95] = OBJECT(write_pen, PEN_LENGTH, HANDLE_CREATE),          /* EXTCREATEPEN */
    [98] = FIXED(12),                                             /* SETICMMODE */
    [108] = {write_small_text, 36, 0, 0, 0, HANDLE_NONE, true},   /* SMALLTEXTOUT */
    [114] = BITMAP(108, 84, 80),                                  /* ALPHABLEND */
    [115] = FIXED(12),                                            /* SETLAYOUT */
    [116] = BITMAP(108, 84, 80),                                  /* TRANSPARENTBLT */
    [118] = {write_gradient, 36, 0, 0, 0, HANDLE_NONE, true},     /* GRADIENTFILL */
    [120] = FIXED(16),                                            /* SETTEXTJUSTIFICATION */
};

/* Whether the handle at offset 8 is one that such a record may name. */
static bool handle_right(const struct emf *emf, enum handle_use use, uint32_t handle)
{
    bool inside = handle > 0 && handle < emf->handle_count;
    switch (use) {
    case HANDLE_CREATE:
        return inside;
    case HANDLE_SELECT:
        return (handle & STOCK_OBJECT) ? (handle ^ STOCK_OBJECT) <= STOCK_LAST
                                       : inside && emf->handles[handle];
    case HANDLE_DELETE:
        return inside && emf->handles[handle];
    default:
        return true;
    }
}

int emf_record_append(struct emf *emf, uint32_t type, struct bytes bytes, struct buffer *out,
                      struct error *error)
{
    const struct rule *rule = type < TYPES ? &rules[type] : NULL;
    size_t start = out->length;
    struct record record = {emf, type, bytes, out};
    uint32_t handle = field(bytes, 8);
    if (!rule || !rule->write || !handle_right(emf, rule->handle, handle))
        return 0;
    if (rule->write(&record, rule, error))
        return -1;
    if (out->length == start)
        return 0;
    append_zeroes(out, (start - out->length) & 3);
    emf_patch_u32(out, start + 4, (uint32_t)(out->length - start));
    emf->drawn += rule->draws;
    if (rule->handle == HANDLE_CREATE || rule->handle == HANDLE_DELETE)
        emf->handles[handle] = rule->handle == HANDLE_CREATE;
    return 0;
}
