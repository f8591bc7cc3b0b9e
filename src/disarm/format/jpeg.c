/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JPEG (ITU-T T.81): the coefficients are written anew without loss; of the markers in front only
 * orientation and colour profile go over. Everything behind the end of the picture goes.
 */
#include "base/cursor.h"
#include "disarm/format/jpeg_codec.h"
#include "disarm/format/picture.h"
#include "disarm/format/picture_exif.h"
#include "disarm/format/picture_record.h"

#define MARKER_SOI     0xD8
#define MARKER_EOI     0xD9
#define MARKER_SOS     0xDA
#define MARKER_APP0    0xE0
#define MARKER_APP1    0xE1
#define MARKER_APP2    0xE2
#define MARKER_APP14   0xEE
#define MARKER_APP15   0xEF
#define MARKER_COMMENT 0xFE

/* Quality for a damaged stream whose coefficients cannot be coded as they are. */
#define REPAIR_QUALITY 95

/* What the segments in front of the first scan say. */
struct header {
    unsigned orientation;
    size_t metadata; /* bytes of EXIF, XMP, IPTC and comments */
    size_t unknown;  /* bytes of other application segments, thumbnails among them */
    size_t profile;  /* bytes of colour profile segments */
};

static void read_application_segment(struct header *header, unsigned marker, struct bytes body)
{
    if (marker == MARKER_APP1 && body.length > 6 && !memcmp(body.data, "Exif\0", 5)) {
        header->orientation = picture_exif_orientation(body);
        header->metadata += body.length;
    } else if (marker == MARKER_APP2 && bytes_start_with(body, "ICC_PROFILE")) {
        header->profile += body.length;
    } else if (marker == MARKER_COMMENT || marker == MARKER_APP1 || marker == 0xED) {
        header->metadata += body.length;
    } else if (marker == MARKER_APP0 && bytes_start_with(body, "JFIF")) {
        header->unknown += body.length > 14 ? body.length - 14 : 0;
    } else if (marker != MARKER_APP14 || !bytes_start_with(body, "Adobe")) {
        header->unknown += body.length;
    }
}

/* Walks the segments up to the first scan (T.81 §B.1.1); what does not fit ends the walk. */
static struct header read_header(struct bytes in)
{
    struct header header = {.orientation = 1};
    struct cursor cursor = cursor_open(in);
    cursor_skip(&cursor, 2);
    while (!cursor.failed) {
        while (!cursor.failed && cursor_u8(&cursor) != 0xFF)
            ;
        unsigned marker = cursor_u8(&cursor);
        while (marker == 0xFF)
            marker = cursor_u8(&cursor);
        if (marker == MARKER_SOS || marker == MARKER_EOI || cursor.failed)
            break;
        if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= MARKER_SOI))
            continue;
        unsigned length = cursor_u16be(&cursor);
        struct bytes body = cursor_take(&cursor, length >= 2 ? length - 2 : 0);
        if (!cursor.failed &&
            ((marker >= MARKER_APP0 && marker <= MARKER_APP15) || marker == MARKER_COMMENT))
            read_application_segment(&header, marker, body);
    }
    return header;
}

static void record_rows(struct job *job, const struct header *header,
                        const struct jpeg_account *account, size_t bytes_in, size_t bytes_out)
{
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, account->repaired ? "picture_repaired" : "",
               account->used, bytes_out);
    if (header->orientation != 1)
        job_record(job, NULL, "picture_orientation", RECEIPT_KEPT, "", 0, 0);
    if (account->color_profile)
        job_record(job, NULL, "picture_profile", RECEIPT_KEPT, "", header->profile,
                   header->profile);
    struct picture_dropped dropped = {.metadata = header->metadata,
                                      .unknown = header->unknown,
                                      .profile = account->color_profile ? 0 : header->profile,
                                      .tail = bytes_in - account->used};
    picture_record_dropped(job, &dropped);
}

/*
 * A damaged stream may hold coefficients that cannot be written: they are brought into range. When
 * that is not enough, its pixels are coded anew, and the result goes through the transcode so that
 * it has the one form that a second pass keeps.
 */
static int repair(struct job *job, struct bytes in, struct jpeg_account *account,
                  struct buffer *out, struct error *error)
{
    account->clamp = true;
    if (jpeg_codec_transcode(job, in, account, out, error) == 0)
        return 0;
    account->clamp = false;
    AUTO_RASTER raster = {0};
    AUTO_BUFFER coded = {0};
    if (jpeg_codec_decode(job, in, &raster, error) ||
        raster_encode_jpeg(&raster, REPAIR_QUALITY, &coded, error) ||
        jpeg_codec_transcode(job, buffer_bytes(&coded), account, out, error))
        return -1;
    account->repaired = true;
    account->used = in.length;
    return 0;
}

int picture_rebuild_jpeg(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    struct header header = read_header(in);
    struct jpeg_account account = {.orientation = header.orientation};
    size_t before = out->length;
    struct error first = {0}, second = {0}; /* a picture that could be mended leaves no error */
    if (jpeg_codec_transcode(job, in, &account, out, &first) &&
        (strcmp(first.code, "bad_picture") != 0 || repair(job, in, &account, out, &second)))
        return error_set(error, first.code, first.where, "%s", first.detail);
    record_rows(job, &header, &account, in.length, out->length - before);
    return 0;
}

int picture_flatten_jpeg(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_RASTER raster = {0};
    size_t before = out->length;
    if (jpeg_codec_decode(job, in, &raster, error))
        return -1;
    raster_orient(&raster, read_header(in).orientation);
    if (raster_encode_jpeg(&raster, RASTER_JPEG_QUALITY, out, error))
        return -1;
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, "picture_flattened", in.length,
               out->length - before);
    return 0;
}
