/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small programs and tables inside PDF that readers interpret: calculator functions, character
 * maps, colour profiles and fonts. Each is read by its grammar and written anew, or refused.
 */
#ifndef DISARM_FORMAT_PDF_PROGRAM_H
#define DISARM_FORMAT_PDF_PROGRAM_H

#include "disarm/format/pdf_value.h"

/* A PostScript calculator function (ISO 32000-2, 7.10.5): only its operators. */
bool pdf_calculator_rewrite(struct bytes program, struct buffer *out);

/* A CMap (9.7.5.4, 9.10.3): its ranges and names, in one fixed frame. */
bool pdf_cmap_rewrite(struct bytes program, struct buffer *out);

/*
 * A font program (9.9), recognised by its content: TrueType and OpenType table by table without
 * hinting programs, CFF and Type 1 by their structure. keys: gets Length1 to Length3.
 */
bool pdf_font_rewrite(struct bytes program, struct buffer *out, struct buffer *keys);

/* The parts of pdf_font_rewrite. */
bool pdf_sfnt_rewrite(struct bytes program, struct buffer *out);
bool pdf_cff_is_sane(struct bytes program);
bool pdf_type1_rewrite(struct bytes program, struct buffer *out, struct buffer *keys);

/* Appends the glyf table without instructions and the loca table that belongs to it. */
bool pdf_glyf_rewrite(struct bytes glyf, struct bytes loca, bool long_offsets, unsigned glyphs,
                      struct buffer *new_glyf, struct buffer *new_loca);

#endif
