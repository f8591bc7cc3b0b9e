/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the chunks of a PNG file: each known chunk has a reader, all others are only counted. */
#include "disarm/format/png_chunk.h"

#include <zlib.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/picture_exif.h"
#include "disarm/format/picture_icc.h"

#define IHDR PNG_TYPE('I', 'H', 'D', 'R')
#define IDAT PNG_TYPE('I', 'D', 'A', 'T')
#define IEND PNG_TYPE('I', 'E', 'N', 'D')
#define PLTE PNG_TYPE('P', 'L', 'T', 'E')

#define PROFILE_NAME_LIMIT   79
#define FRAME_CONTROL_LENGTH 26

typedef int chunk_reader(struct job *job, struct png_file *file, struct bytes body,
                         struct error *error);

static bool depth_allowed(unsigned color, unsigned depth)
{
    switch (color) {
    case PNG_COLOR_GRAY:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case PNG_COLOR_PALETTE:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case PNG_COLOR_RGB:
    case PNG_COLOR_GRAY_ALPHA:
    case PNG_COLOR_RGBA:
        return depth == 8 || depth == 16;
    default:
        return false;
    }
}

static int read_header(struct job *job, struct png_file *file, struct bytes body,
                       struct error *error)
{
    struct cursor cursor = cursor_open(body);
    struct png_header *header = &file->header;
    if (header->width)
        return 0;
    header->width = cursor_u32be(&cursor);
    header->height = cursor_u32be(&cursor);
    header->depth = cursor_u8(&cursor);
    header->color = cursor_u8(&cursor);
    uint8_t compression = cursor_u8(&cursor), filter = cursor_u8(&cursor);
    header->interlace = cursor_u8(&cursor);
    if (cursor.failed || !header->width || !header->height || header->width > INT32_MAX ||
        header->height > INT32_MAX || !depth_allowed(header->color, header->depth) || compression ||
        filter || header->interlace > 1)
        return error_set(error, "bad_picture", job->path, "IHDR");
    return job_use_pixels(job, header->width, header->height, error);
}

static int read_palette(struct job *job, struct png_file *file, struct bytes body,
                        struct error *error)
{
    size_t entries = body.length / 3;
    size_t most = (size_t)1 << file->header.depth;
    if (file->header.color != PNG_COLOR_PALETTE || file->palette.length)
        return 0;
    if (entries == 0)
        return error_set(error, "bad_picture", job->path, "PLTE");
    file->palette = bytes_slice(body, 0, 3 * (entries < most ? entries : most));
    return 0;
}

static int read_transparency(struct job *job, struct png_file *file, struct bytes body,
                             struct error *error)
{
    (void)job, (void)error;
    uint8_t color = file->header.color;
    bool fits = color == PNG_COLOR_GRAY      ? body.length >= 2
                : color == PNG_COLOR_RGB     ? body.length >= 6
                : color == PNG_COLOR_PALETTE ? file->palette.length > 0
                                             : false;
    size_t most = color == PNG_COLOR_GRAY  ? 2
                  : color == PNG_COLOR_RGB ? 6
                                           : file->palette.length / 3;
    if (fits && !file->transparency.length)
        file->transparency = bytes_slice(body, 0, most);
    return 0;
}

static int read_gamma(struct job *job, struct png_file *file, struct bytes body,
                      struct error *error)
{
    (void)job, (void)error;
    struct cursor cursor = cursor_open(body);
    uint32_t gamma = cursor_u32be(&cursor);
    if (cursor_at_end(&cursor) && gamma && gamma <= INT32_MAX)
        file->gamma = body;
    return 0;
}

static int read_chromaticities(struct job *job, struct png_file *file, struct bytes body,
                               struct error *error)
{
    (void)job, (void)error;
    struct cursor cursor = cursor_open(body);
    bool sane = body.length == 32;
    while (cursor_remaining(&cursor) >= 4)
        sane = cursor_u32be(&cursor) <= INT32_MAX && sane;
    if (sane)
        file->chromaticities = body;
    return 0;
}

static int read_srgb(struct job *job, struct png_file *file, struct bytes body, struct error *error)
{
    (void)job, (void)error;
    if (body.length == 1 && body.data[0] <= 3)
        file->srgb = body;
    return 0;
}

static int read_cicp(struct job *job, struct png_file *file, struct bytes body, struct error *error)
{
    (void)job, (void)error;
    if (body.length == 4 && body.data[2] == 0 && body.data[3] <= 1)
        file->cicp = body;
    return 0;
}

static int read_density(struct job *job, struct png_file *file, struct bytes body,
                        struct error *error)
{
    (void)job, (void)error;
    if (body.length == 9 && body.data[8] <= 1)
        file->density = body;
    return 0;
}

static int read_orientation(struct job *job, struct png_file *file, struct bytes body,
                            struct error *error)
{
    (void)job, (void)error;
    file->orientation = picture_exif_orientation(body);
    file->metadata += body.length;
    return 0;
}

/* iCCP (§11.3.2.3): name, method 0, zlib stream. Inflates no more than a sane profile can have. */
static int read_profile(struct job *job, struct png_file *file, struct bytes body,
                        struct error *error)
{
    const uint8_t *end = body.length ? memchr(body.data, 0, body.length) : NULL;
    size_t name = end ? (size_t)(end - body.data) : SIZE_MAX;
    file->profile_dropped += body.length;
    if (name > PROFILE_NAME_LIMIT || file->profile.length)
        return 0;
    struct bytes packed = bytes_slice(body, name + 2, body.length);
    AUTO_FREE uint8_t *data = memory_allocate(PICTURE_ICC_LIMIT, 1);
    uLongf length = PICTURE_ICC_LIMIT;
    if (uncompress(data, &length, packed.data, packed.length) != Z_OK)
        return 0;
    if (job_use_unpacked(job, length, 0, error))
        return -1;
    bool gray = file->header.color == PNG_COLOR_GRAY || file->header.color == PNG_COLOR_GRAY_ALPHA;
    struct bytes profile = picture_icc_sane((struct bytes){data, length}, gray ? 1 : 3);
    buffer_append_bytes(&file->profile, profile);
    if (profile.length)
        file->profile_dropped -= body.length;
    return 0;
}

static int read_animation(struct job *job, struct png_file *file, struct bytes body,
                          struct error *error)
{
    (void)job, (void)error;
    struct cursor cursor = cursor_open(body);
    cursor_skip(&cursor, 4);
    uint32_t plays = cursor_u32be(&cursor);
    if (cursor.failed || file->data.length || file->animated)
        return 0;
    file->animated = true;
    file->plays = plays <= INT32_MAX ? plays : 0;
    return 0;
}

static int read_frame(struct job *job, struct png_file *file, struct bytes body,
                      struct error *error)
{
    struct png_frame frame = {0};
    struct cursor cursor = cursor_open(body);
    cursor_skip(&cursor, 4);
    frame.width = cursor_u32be(&cursor);
    frame.height = cursor_u32be(&cursor);
    frame.x = cursor_u32be(&cursor);
    frame.y = cursor_u32be(&cursor);
    frame.delay = cursor_u16be(&cursor);
    frame.delay_unit = cursor_u16be(&cursor);
    frame.dispose = cursor_u8(&cursor);
    frame.blend = cursor_u8(&cursor);
    const struct png_header *header = &file->header;
    frame.is_picture = file->data.length == 0;
    frame.broken = cursor.failed || !frame.width || !frame.height || frame.width > header->width ||
                   frame.height > header->height || frame.x > header->width - frame.width ||
                   frame.y > header->height - frame.height || frame.dispose > 2 || frame.blend > 1;
    if (frame.is_picture && (frame.width != header->width || frame.height != header->height))
        frame.broken = true;
    if (!file->animated || (frame.is_picture && file->frame_count))
        return 0;
    if (job_use_pages(job, 1, error))
        return -1;
    file->frames = memory_resize(file->frames, file->frame_count + 1, sizeof *file->frames);
    file->frames[file->frame_count++] = frame;
    return 0;
}

static int read_frame_data(struct job *job, struct png_file *file, struct bytes body,
                           struct error *error)
{
    (void)job, (void)error;
    struct png_frame *frame = file->frame_count ? &file->frames[file->frame_count - 1] : NULL;
    if (frame && !frame->is_picture && body.length >= 4)
        buffer_append_bytes(&frame->data, bytes_slice(body, 4, body.length));
    return 0;
}

static int read_data(struct job *job, struct png_file *file, struct bytes body, struct error *error)
{
    (void)job, (void)error;
    buffer_append_bytes(&file->data, body);
    return 0;
}

static const struct {
    uint32_t type;
    chunk_reader *read;
} readers[] = {
    {IHDR, read_header},
    {IDAT, read_data},
    {PLTE, read_palette},
    {PNG_TYPE('a', 'c', 'T', 'L'), read_animation},
    {PNG_TYPE('c', 'H', 'R', 'M'), read_chromaticities},
    {PNG_TYPE('c', 'I', 'C', 'P'), read_cicp},
    {PNG_TYPE('e', 'X', 'I', 'f'), read_orientation},
    {PNG_TYPE('f', 'c', 'T', 'L'), read_frame},
    {PNG_TYPE('f', 'd', 'A', 'T'), read_frame_data},
    {PNG_TYPE('g', 'A', 'M', 'A'), read_gamma},
    {PNG_TYPE('i', 'C', 'C', 'P'), read_profile},
    {PNG_TYPE('p', 'H', 'Y', 's'), read_density},
    {PNG_TYPE('s', 'R', 'G', 'B'), read_srgb},
    {PNG_TYPE('t', 'R', 'N', 'S'), read_transparency},
};

static bool is_text(uint32_t type)
{
    return type == PNG_TYPE('t', 'E', 'X', 't') || type == PNG_TYPE('z', 'T', 'X', 't') ||
           type == PNG_TYPE('i', 'T', 'X', 't') || type == PNG_TYPE('t', 'I', 'M', 'E');
}

static int read_chunk(struct job *job, struct png_file *file, uint32_t type, struct bytes body,
                      struct error *error)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (readers[i].type == type)
            return readers[i].read(job, file, body, error);
    }
    if (type == IEND)
        return 0;
    *(is_text(type) ? &file->metadata : &file->unknown) += body.length + 12;
    return 0;
}

/* True when the checksum in front of the cursor fits type and body. */
static bool checksum_fits(struct cursor *cursor, struct bytes type_and_body)
{
    uint32_t declared = cursor_u32be(cursor);
    return !cursor->failed && declared == crc32_z(0, type_and_body.data, type_and_body.length);
}

/* One chunk at the cursor. A damaged one is dropped, unless it holds pixels or the picture needs
 * it. */
static int next_chunk(struct job *job, struct png_file *file, struct cursor *cursor, bool *ended,
                      struct error *error)
{
    uint32_t length = cursor_u32be(cursor);
    struct bytes rest = bytes_slice(cursor->bytes, cursor->position, SIZE_MAX);
    uint32_t type = cursor_u32be(cursor);
    if (!file->header.width && (cursor->failed || type != IHDR))
        return error_set(error, "bad_picture", job->path, "IHDR");
    bool cut = cursor_remaining(cursor) < length;
    struct bytes body = cut ? cursor_take_rest(cursor) : cursor_take(cursor, length);
    bool sound = checksum_fits(cursor, bytes_slice(rest, 0, 4 + (size_t)length));
    *ended = type == IEND || cut || cursor->failed;
    file->damaged |= !sound;
    if (!sound && (type == IHDR || type == PLTE))
        return error_set(error, "bad_picture", job->path, "CRC");
    if (!sound && type != IDAT)
        return 0;
    return read_chunk(job, file, type, body, error);
}

int png_file_read(struct job *job, struct bytes in, struct png_file *file, struct error *error)
{
    *file = (struct png_file){.orientation = 1};
    struct cursor cursor = cursor_open(in);
    if (!bytes_equal(cursor_take(&cursor, PNG_SIGNATURE_LENGTH), bytes_of_string(PNG_SIGNATURE)))
        return error_set(error, "bad_picture", job->path, "signature");
    for (bool ended = false; !ended;) {
        if (next_chunk(job, file, &cursor, &ended, error))
            return -1;
    }
    file->used = cursor.position;
    if (file->header.color == PNG_COLOR_PALETTE && !file->palette.length)
        return error_set(error, "bad_picture", job->path, "PLTE");
    return 0;
}

void png_file_free(struct png_file *file)
{
    for (size_t i = 0; i < file->frame_count; i++)
        buffer_free(&file->frames[i].data);
    free(file->frames);
    buffer_free(&file->data);
    buffer_free(&file->profile);
    *file = (struct png_file){0};
}

void png_chunk_append(struct buffer *out, uint32_t type, struct bytes body)
{
    buffer_append_u32be(out, (uint32_t)body.length);
    size_t start = out->length;
    buffer_append_u32be(out, type);
    buffer_append_bytes(out, body);
    buffer_append_u32be(out, (uint32_t)crc32_z(0, out->data + start, out->length - start));
}

void png_header_append(struct buffer *out, const struct png_header *header)
{
    AUTO_BUFFER body = {0};
    buffer_append_u32be(&body, header->width);
    buffer_append_u32be(&body, header->height);
    buffer_append_byte(&body, header->depth);
    buffer_append_byte(&body, header->color);
    buffer_append(&body, "\0", 2);
    buffer_append_byte(&body, header->interlace);
    buffer_append(out, PNG_SIGNATURE, PNG_SIGNATURE_LENGTH);
    png_chunk_append(out, IHDR, buffer_bytes(&body));
}
