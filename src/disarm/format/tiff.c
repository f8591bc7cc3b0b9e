/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TIFF 6.0 and BigTIFF: every page is written anew into a little-endian classic TIFF, by its
 * samples, its JPEG coefficients, or as shown. Directories that no page needs (EXIF, GPS, private)
 * stay behind.
 */
#include "disarm/format/picture.h"
#include "disarm/format/tiff_page.h"

#define CLASSIC_LIMIT ((uint64_t)UINT32_MAX - (1 << 20))

/* One file being written: libtiff's handle and where the page at hand started. */
struct writer {
    struct tiff_memory memory;
    TIFF *tiff;
    struct buffer *out;
    size_t page_start;
    bool flat; /* pages go over as pixels, turned the right way up */
};

/* Takes back what was written of the page at hand. */
static void restart_page(struct writer *writer)
{
    TIFFSetField(writer->tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE); /* frees the old coder */
    TIFFFreeDirectory(writer->tiff);
    TIFFCreateDirectory(writer->tiff);
    writer->out->length = writer->page_start;
}

/* Writes one page in the way that fits it; a page of JPEG that cannot be transcoded is shown. */
static int copy_page(TIFF *in, struct writer *writer, struct tiff_page *page, const char *where,
                     struct error *error)
{
    bool flat = writer->flat;
    bool jpeg = page->compression == COMPRESSION_JPEG;
    if (!flat && jpeg && page->bits == 8) {
        if (!tiff_page_copy_jpeg(in, writer->tiff, page, where, error))
            return 0;
        restart_page(writer);
    }
    if (!flat && !jpeg && page->compression != COMPRESSION_OJPEG && tiff_page_plain(page))
        return tiff_page_copy_samples(in, writer->tiff, page, where, error);
    return tiff_page_copy_shown(in, writer->tiff, page, flat, where, error);
}

static void record_page(struct job *job, const struct tiff_page *page, const char *dropped)
{
    job_record(job, NULL, "picture_page", dropped ? RECEIPT_DROPPED : RECEIPT_REWRITTEN,
               dropped          ? dropped
               : page->repaired ? "picture_repaired"
                                : "",
               0, 0);
    if (page->profile && !dropped)
        job_record(job, NULL, "picture_profile", RECEIPT_KEPT, "", 0, 0);
    if (page->metadata && !dropped)
        job_record(job, NULL, "picture_metadata", RECEIPT_DROPPED, "picture_not_pixels", 0, 0);
}

/*
 * The page that in stands at. 1 when it was written, 0 when it was dropped (error says why), -1
 * when the whole file must be refused.
 */
static int rebuild_page(struct job *job, TIFF *in, struct writer *writer, size_t written,
                        struct error *error)
{
    struct tiff_page page;
    if (written && job_use_pages(job, 1, error))
        return -1;
    if (tiff_page_read(job, in, &page, error))
        return strncmp(error->code, "limit_", 6) ? (record_page(job, &page, "picture_damaged"), 0)
                                                 : -1;
    if (page.reduced && written) {
        record_page(job, &page, "picture_not_pixels");
        return 0;
    }
    writer->page_start = writer->out->length;
    if (copy_page(in, writer, &page, job->path, error)) {
        restart_page(writer);
        record_page(job, &page, "picture_damaged");
        return 0;
    }
    if (!TIFFWriteDirectory(writer->tiff) || writer->out->length > CLASSIC_LIMIT)
        return tiff_page_error(writer->tiff, job->path, error);
    record_page(job, &page, NULL);
    return 1;
}

static int rebuild_pages(struct job *job, TIFF *in, struct writer *writer, struct error *error)
{
    struct error last = {0}; /* of a page that was dropped */
    size_t written = 0;
    int result;
    do {
        result = rebuild_page(job, in, writer, written, &last);
        written += result > 0;
    } while (result >= 0 && TIFFReadDirectory(in));
    if (result < 0 || !written)
        return error_set(error, last.code, last.where, "%s", last.detail);
    return 0;
}

static int rebuild(struct job *job, struct bytes in, bool flat, struct buffer *out,
                   struct error *error)
{
    struct tiff_memory memory;
    AUTO_BUFFER made = {0};
    struct writer writer = {.out = &made, .flat = flat};
    AUTO_TIFF TIFF *reader = tiff_memory_read(&memory, in);
    if (!reader)
        return error_set(error, "bad_picture", job->path, "%s", memory.message);
    writer.tiff = tiff_memory_write(&writer.memory, &made);
    if (!writer.tiff)
        return error_set(error, "bad_picture", job->path, "%s", writer.memory.message);
    int result = rebuild_pages(job, reader, &writer, error);
    /* Closing writes a directory of its own when tags are set, so none may be left. */
    TIFFFreeDirectory(writer.tiff);
    TIFFCleanup(writer.tiff);
    if (result)
        return -1;
    buffer_append_bytes(out, buffer_bytes(&made));
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, flat ? "picture_flattened" : "", in.length,
               made.length);
    return 0;
}

int picture_rebuild_tiff(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    return rebuild(job, in, false, out, error);
}

int picture_flatten_tiff(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    return rebuild(job, in, true, out, error);
}
