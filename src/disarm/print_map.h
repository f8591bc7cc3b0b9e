/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A font map of pango that knows a few fonts, opened beforehand, and nothing else.
 *
 * pango's own looks fonts up in threads, anew for each script and size of a text, which a worker
 * must not: a file name with one Greek letter would end it.
 */
#ifndef DISARM_PRINT_MAP_H
#define DISARM_PRINT_MAP_H

#include <pango/pangocairo.h>

/* A map of these fonts, for texts that ask for exactly these; anything else gets the first. Opens
 * them now, for the Japanese language, and keeps them. The names must stay. */
PangoFontMap *print_map_open(const char *const *names, size_t count);

#endif
