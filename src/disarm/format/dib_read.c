/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the header of a device-independent bitmap, in each of its versions. */
#include "base/cursor.h"
#include "disarm/format/dib.h"
#include "disarm/format/picture_icc.h"

#define CORE_HEADER      12 /* BITMAPCOREHEADER, OS/2 1.x */
#define INFO_HEADER      40 /* BITMAPINFOHEADER */
#define MASKS_HEADER     52
#define ALPHA_HEADER     56
#define OS2_HEADER       64 /* OS/2 2.x */
#define PROFILE_EMBEDDED 0x4D424544

static const uint32_t masks_555[4] = {0x7C00, 0x03E0, 0x001F, 0};
static const uint32_t masks_565[4] = {0xF800, 0x07E0, 0x001F, 0};
static const uint32_t masks_888[4] = {0xFF0000, 0xFF00, 0xFF, 0};

static int refuse(const char *code, const char *where, const char *what, struct error *error)
{
    return error_set(error, code, where, "%s", what);
}

static bool masks_equal(const uint32_t *a, const uint32_t *b)
{
    return !memcmp(a, b, 4 * sizeof *a);
}

static bool bits_known(unsigned bits)
{
    return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 24 ||
           bits == 32;
}

/* Compression and bits must fit each other. OS/2 2.x gives 3 and 4 another meaning. */
static bool compression_known(const struct dib *dib, uint32_t header)
{
    switch (dib->compression) {
    case DIB_RGB:
        return true;
    case DIB_RLE8:
        return dib->bits == 8 && !dib->top_down;
    case DIB_RLE4:
        return dib->bits == 4 && !dib->top_down;
    case DIB_BITFIELDS:
    case DIB_ALPHABITFIELDS:
        return header != OS2_HEADER && (dib->bits == 16 || dib->bits == 32);
    default:
        return false;
    }
}

static int set_size(struct dib *dib, int32_t width, int32_t height, const char *where,
                    struct error *error)
{
    if (width <= 0 || height == 0 || height == INT32_MIN)
        return error_set(error, "bad_picture", where, "%d × %d", width, height);
    dib->width = (uint32_t)width;
    dib->top_down = height < 0;
    dib->height = (uint32_t)(height < 0 ? -height : height);
    return 0;
}

/* The fields behind the size; *colors comes back as declared. */
static int read_fields(struct cursor *cursor, uint32_t header, struct dib *dib, uint32_t *colors,
                       const char *where, struct error *error)
{
    if (header == CORE_HEADER) {
        int32_t width = cursor_u16le(cursor), height = cursor_u16le(cursor);
        cursor_skip(cursor, 2);
        dib->bits = cursor_u16le(cursor);
        return set_size(dib, width, height, where, error);
    }
    int32_t width = (int32_t)cursor_u32le(cursor), height = (int32_t)cursor_u32le(cursor);
    cursor_skip(cursor, 2);
    dib->bits = cursor_u16le(cursor);
    dib->compression = header >= 20 ? cursor_u32le(cursor) : DIB_RGB;
    if (header >= INFO_HEADER) {
        cursor_skip(cursor, 4);
        dib->density_x = (int32_t)cursor_u32le(cursor);
        dib->density_y = (int32_t)cursor_u32le(cursor);
        *colors = cursor_u32le(cursor);
        cursor_skip(cursor, 4);
        if (dib->density_x <= 0 || dib->density_y <= 0)
            dib->density_x = dib->density_y = 0;
    }
    return set_size(dib, width, height, where, error);
}

/* Masks stand in the header from version 2 on, behind it in version 1. */
static void read_masks(struct cursor *cursor, uint32_t header, struct dib *dib)
{
    bool fields = dib->compression == DIB_BITFIELDS || dib->compression == DIB_ALPHABITFIELDS;
    bool inside = header >= MASKS_HEADER && header != OS2_HEADER;
    uint32_t masks[4] = {0};
    if (inside || fields) {
        for (int i = 0; i < 3; i++)
            masks[i] = cursor_u32le(cursor);
    }
    if ((inside && header >= ALPHA_HEADER) || (!inside && dib->compression == DIB_ALPHABITFIELDS))
        masks[3] = cursor_u32le(cursor);
    if (dib->bits <= 8)
        return;
    const uint32_t *usual = dib->bits == 16 ? masks_555 : masks_888;
    memcpy(dib->masks, fields ? masks : usual, sizeof masks);
}

/* A profile embedded by version 5; its place counts from the start of the header. */
static void read_profile(struct bytes info, uint32_t header, struct dib *dib)
{
    if (header < 124)
        return;
    struct cursor cursor = cursor_open(info);
    cursor_seek(&cursor, 56);
    if (cursor_u32le(&cursor) != PROFILE_EMBEDDED)
        return;
    cursor_seek(&cursor, 112);
    uint32_t offset = cursor_u32le(&cursor), length = cursor_u32le(&cursor);
    cursor_seek(&cursor, offset);
    struct bytes profile = cursor_take(&cursor, length);
    if (!cursor.failed)
        dib->profile = picture_icc_sane(profile, 3);
}

static void read_palette(struct cursor *cursor, uint32_t header, uint32_t colors, struct dib *dib)
{
    size_t entry = dib->palette_entry = header == CORE_HEADER ? 3 : 4;
    uint32_t most = dib->bits <= 8 ? 1u << dib->bits : 0;
    if (dib->bits <= 8 && (colors == 0 || colors > 256))
        colors = most;
    size_t present = cursor_remaining(cursor) / entry;
    colors = colors < present ? colors : (uint32_t)present;
    for (uint32_t i = 0; i < colors; i++) {
        struct bytes color = cursor_take(cursor, entry);
        if (i < most)
            memcpy(dib->palette + i * 3, color.data, 3);
    }
    dib->colors = colors < most ? colors : most;
}

/* How the samples are kept and written. */
static void choose_layout(struct dib *dib, enum dib_fourth fourth)
{
    if (dib->bits <= 8)
        dib->layout = DIB_INDEXED;
    else if (dib->masks[3])
        dib->layout = DIB_BGRA32, dib->has_alpha = true;
    else if (dib->bits == 16 &&
             (masks_equal(dib->masks, masks_555) || masks_equal(dib->masks, masks_565)))
        dib->layout = DIB_RGB16;
    else if (dib->bits == 32 && fourth == DIB_FOURTH_KEPT && masks_equal(dib->masks, masks_888))
        dib->layout = DIB_BGRA32;
    else
        dib->layout = DIB_BGR24;
}

int dib_read_info(struct bytes info, enum dib_fourth fourth, struct dib *dib, size_t *length,
                  const char *where, struct error *error)
{
    *dib = (struct dib){0};
    struct cursor cursor = cursor_open(info);
    uint32_t header = cursor_u32le(&cursor), colors = 0;
    if (cursor.failed || (header != CORE_HEADER && header < 16) || header > info.length)
        return refuse("bad_picture", where, "BITMAPINFO", error);
    if (read_fields(&cursor, header, dib, &colors, where, error))
        return -1;
    if (!bits_known(dib->bits) || !compression_known(dib, header))
        return error_set(error, "picture_unsupported", where, "%u/%u", dib->bits, dib->compression);
    if (header < MASKS_HEADER || header == OS2_HEADER)
        cursor_seek(&cursor, header);
    read_masks(&cursor, header, dib);
    if (header >= MASKS_HEADER && header != OS2_HEADER)
        cursor_seek(&cursor, header);
    read_profile(info, header, dib);
    read_palette(&cursor, header, colors, dib);
    choose_layout(dib, fourth);
    *length = cursor.position;
    return cursor.failed ? refuse("bad_picture", where, "BITMAPINFO", error) : 0;
}
