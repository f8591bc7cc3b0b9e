/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats told by bytes at a fixed place. */
#include "disarm/format/identify_parts.h"

#include "base/cursor.h"

struct signature {
    size_t offset;
    const char *bytes;
    size_t length;
    const char *format;
};

#define AT(offset, bytes, format)                                                                  \
    {                                                                                              \
        offset, bytes, sizeof(bytes) - 1, format                                                   \
    }

/* Longer and surer ones first: the first match decides. */
static const struct signature signatures[] = {
    AT(0, "\x89PNG\r\n\x1A\n", "png"),
    AT(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "ole2"),
    AT(0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3", "one"),
    AT(0, "\x00\x00\x00\x0CjP  \r\n\x87\n", "jp2"),
    AT(0, "\x00\x00\x00\x0CJXL \r\n\x87\n", "jxl"),
    AT(0, "\xFF\x4F\xFF\x51", "jp2"),
    AT(0, "L\x00\x00\x00\x01\x14\x02\x00", "lnk"),
    AT(0, "SQLite format 3\x00", "database"),
    AT(4, "Standard Jet DB\x00", "database"),
    AT(4, "Standard ACE DB\x00", "database"),
    AT(0, "%PDF-", "pdf"),
    AT(0, "\xFF\xD8\xFF", "jpeg"),
    AT(0, "GIF87a", "gif"),
    AT(0, "GIF89a", "gif"),
    AT(0, "II*\x00", "tiff"),
    AT(0, "MM\x00*", "tiff"),
    AT(0, "II+\x00", "tiff"),
    AT(0, "MM\x00+", "tiff"),
    AT(8, "WEBPVP8", "webp"),
    AT(0, "PK\x03\x04", "zip"),
    AT(0, "PK\x05\x06", "zip"),
    AT(0, "PK\x07\x08PK\x03\x04", "zip"),
    AT(0, "PK00PK\x03\x04", "zip"),
    AT(0, "7z\xBC\xAF\x27\x1C", "7z"),
    AT(0, "Rar!\x1A\x07", "rar"),
    AT(0, "MSCF\x00\x00\x00\x00", "cab"),
    AT(0,
       "\xFD"
       "7zXZ\x00",
       "xz"),
    AT(0, "\x28\xB5\x2F\xFD", "zst"),
    AT(0, "LZIP", "lz"),
    AT(0, "LRZI", "lz"),
    AT(0, "\x89LZO\x00\r\n\x1A\n", "lz"),
    AT(0, "\x04\x22\x4D\x18", "lz"),
    AT(0, "BZh", "bz2"),
    AT(0, "\x1F\x8B", "gz"),
    AT(0, "\x1F\x9D", "gz"),
    AT(2, "-lh", "lzh"),
    AT(2, "-lz", "lzh"),
    AT(257, "ustar", "tar"),
    AT(0, "xar!", "cab"),
    AT(0, "070707", "tar"),
    AT(0, "070701", "tar"),
    AT(7, "**ACE**", "rar"),
    AT(32769, "CD001", "iso"),
    AT(0, "\x78\x9F\x3E\x22", "tnef"),
    AT(0, "!BDN", "pst"),
    AT(0, "ITSF\x03\x00", "chm"),
    AT(0,
       "\x7F"
       "ELF",
       "exe"),
    AT(0, "\xCA\xFE\xBA\xBE", "exe"),
    AT(0, "\xFE\xED\xFA\xCE", "exe"),
    AT(0, "\xFE\xED\xFA\xCF", "exe"),
    AT(0, "\xCE\xFA\xED\xFE", "exe"),
    AT(0, "\xCF\xFA\xED\xFE", "exe"),
    AT(0, "dex\n03", "exe"),
    AT(0,
       "\x00"
       "asm\x01",
       "exe"),
    AT(0, "MZ", "exe"),
    AT(0, "FWS", "swf"),
    AT(0, "CWS", "swf"),
    AT(0, "ZWS", "swf"),
    AT(0, "%!PS", "ps"),
    AT(0, "\xC5\xD0\xD3\xC6", "ps"),
    AT(0, "\x04%!PS", "ps"),
    AT(0, "\x1B%-12345X", "ps"),
    AT(0, "\xD7\xCD\xC6\x9A", "wmf"),
    AT(0, "\x01\x00\x09\x00\x00\x03", "wmf"),
    AT(40, " EMF", "emf"),
    AT(0, "8BPS", "psd"),
    AT(0, "AT&TFORM", "djvu"),
    AT(0, "\x00\x00\x01\x00\x01\x00", "ico"),
    AT(4, "ftypheic", "heif"),
    AT(4, "ftypheix", "heif"),
    AT(4, "ftypmif1", "heif"),
    AT(4, "ftypavif", "heif"),
    AT(4, "ftyp", "video"),
    AT(8, "AVI LIST", "video"),
    AT(0, "\x1A\x45\xDF\xA3", "video"),
    AT(0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", "video"),
    AT(0, "\x00\x00\x01\xBA", "video"),
    AT(8, "WAVEfmt ", "audio"),
    AT(0, "OggS\x00", "audio"),
    AT(0, "fLaC\x00", "audio"),
    AT(0, "ID3", "audio"),
    AT(0, "\xFF\xFB", "audio"),
    AT(128, "DICM", "dicom"),
};

/* BMP's two letters are too few: the file header is followed by a DIB header of a known size. */
static bool is_bmp(struct bytes in)
{
    if (!bytes_start_with(in, "BM"))
        return false;
    static const uint32_t sizes[] = {12, 16, 40, 52, 56, 64, 108, 124};
    struct cursor cursor = cursor_open(in);
    cursor_seek(&cursor, 14);
    uint32_t size = cursor_u32le(&cursor);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (size == sizes[i])
            return true;
    }
    return false;
}

const char *identify_signature(struct bytes in)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const struct signature *s = &signatures[i];
        struct bytes there = bytes_slice(in, s->offset, s->length);
        if (bytes_equal(there, (struct bytes){(const uint8_t *)s->bytes, s->length}))
            return s->format;
    }
    return is_bmp(in) ? "bmp" : NULL;
}
