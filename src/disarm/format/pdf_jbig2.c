/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JBIG2 (ITU-T T.88), decoded by having poppler draw a page that is the picture and nothing else,
 * one pixel to the point: it knows the refinements that the small JBIG2 libraries leave out.
 */
#include "disarm/format/pdf_picture_codecs.h"
#include "disarm/format/pdf_render.h"
#include "disarm/format/pdf_writer.h"

/* A PDF of one page with the coded picture on it. */
static void dress(uint32_t width, uint32_t height, struct bytes globals, struct bytes coded,
                  struct buffer *file)
{
    struct pdf_writer writer;
    AUTO_BUFFER keys = {0}, text = {0};
    pdf_writer_open(&writer, file);
    for (int i = 0; i < 6; i++)
        pdf_writer_reserve(&writer);
    pdf_writer_put(&writer, 1, bytes_of_string("<</Type/Catalog/Pages 2 0 R>>"));
    pdf_writer_put(&writer, 2, bytes_of_string("<</Type/Pages/Count 1/Kids[3 0 R]>>"));
    buffer_append_format(&text,
                         "<</Type/Page/Parent 2 0 R/MediaBox[0 0 %u %u]/Contents 4 0 R/Resources"
                         "<</XObject<</P 5 0 R>>>>>>",
                         width, height);
    pdf_writer_put(&writer, 3, buffer_bytes(&text));
    buffer_clear(&text);
    buffer_append_format(&text, "%u 0 0 %u 0 0 cm/P Do", width, height);
    pdf_writer_put_stream(&writer, 4, (struct bytes){0}, buffer_bytes(&text), false);
    buffer_append_format(&keys,
                         "/Type/XObject/Subtype/Image/Width %u/Height %u/BitsPerComponent 1"
                         "/ColorSpace/DeviceGray/Filter/JBIG2Decode",
                         width, height);
    if (globals.length)
        buffer_append_string(&keys, "/DecodeParms<</JBIG2Globals 6 0 R>>");
    pdf_writer_put_stream(&writer, 5, buffer_bytes(&keys), coded, false);
    pdf_writer_put_stream(&writer, 6, (struct bytes){0}, globals, false);
    pdf_writer_finish(&writer, 1, 0);
    pdf_writer_close(&writer);
}

/* One bit for each pixel, rows in whole bytes. */
static void pack_bits(struct bytes pixels, uint32_t width, uint32_t height, struct buffer *samples)
{
    const uint8_t *red = pixels.data;
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x += 8) {
            unsigned byte = 0;
            for (uint32_t bit = 0; bit < 8; bit++) {
                bool white = x + bit >= width || *red >= 0x80;
                byte = byte << 1 | white;
                red += x + bit < width ? 3 : 0;
            }
            buffer_append_byte(samples, (uint8_t)byte);
        }
    }
}

bool pdf_jbig2_decode(uint32_t width, uint32_t height, struct bytes globals, struct bytes coded,
                      struct buffer *samples)
{
    enum { SIDE_LIMIT = 30000 }; /* cairo's is 32767 */
    AUTO_BUFFER file = {0}, pixels = {0};
    struct error ignored = {0};
    if (width > SIDE_LIMIT || height > SIDE_LIMIT)
        return false;
    dress(width, height, globals, coded, &file);
    struct pdf_render *render = pdf_render_open(buffer_bytes(&file), &ignored);
    bool drawn = render && pdf_render_draw(render, 0, width, height, &pixels) == 0;
    pdf_render_close(render);
    if (drawn)
        pack_bits(buffer_bytes(&pixels), width, height, samples);
    return drawn;
}
