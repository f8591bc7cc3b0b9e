/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A font map of a few fonts, which measure themselves once and draw their own box for what they do
 * not have. */
#include "disarm/print_map.h"

enum { FONTS_MOST = 8 };

/* ---- a font of the map, in front of one of the system's ---- */

typedef struct {
    PangoFont parent;
    PangoFont *real;
    PangoFontMetrics *metrics; /* for Japanese; pango would look fonts up for each language */
} PrintFont;

typedef PangoFontClass PrintFontClass;

static GType print_font_get_type(void);
G_DEFINE_TYPE(PrintFont, print_font, PANGO_TYPE_FONT)

static PangoFont *real(PangoFont *font)
{
    return ((PrintFont *)font)->real;
}

static PangoFontDescription *describe(PangoFont *font)
{
    return pango_font_describe(real(font));
}

static PangoFontDescription *describe_absolute(PangoFont *font)
{
    return pango_font_describe_with_absolute_size(real(font));
}

static PangoCoverage *get_coverage(PangoFont *font, PangoLanguage *language)
{
    return pango_font_get_coverage(real(font), language);
}

static void get_glyph_extents(PangoFont *font, PangoGlyph glyph, PangoRectangle *ink,
                              PangoRectangle *logical)
{
    pango_font_get_glyph_extents(real(font), glyph & PANGO_GLYPH_UNKNOWN_FLAG ? 0 : glyph, ink,
                                 logical);
}

static PangoFontMetrics *get_metrics(PangoFont *font, PangoLanguage *language)
{
    (void)language;
    return pango_font_metrics_ref(((PrintFont *)font)->metrics);
}

static PangoFontMap *get_font_map(PangoFont *font)
{
    return pango_font_get_font_map(real(font));
}

static hb_font_t *create_hb_font(PangoFont *font)
{
    return hb_font_reference(pango_font_get_hb_font(real(font)));
}

static void print_font_class_init(PrintFontClass *class)
{
    class->describe = describe;
    class->describe_absolute = describe_absolute;
    class->get_coverage = get_coverage;
    class->get_glyph_extents = get_glyph_extents;
    class->get_metrics = get_metrics;
    class->get_font_map = get_font_map;
    class->create_hb_font = create_hb_font;
}

static void print_font_init(PrintFont *font)
{
    font->real = NULL;
}

/* Takes the system's font. */
static PangoFont *print_font_make(PangoFont *taken, PangoLanguage *language)
{
    PrintFont *font = g_object_new(print_font_get_type(), NULL);
    font->real = taken;
    font->metrics = pango_font_get_metrics(taken, language);
    return &font->parent;
}

/* ---- the map ---- */

typedef struct {
    PangoFontMap parent;
    PangoFontDescription *asked[FONTS_MOST];
    PangoFont *fonts[FONTS_MOST];
    size_t count;
} PrintMap;

typedef PangoFontMapClass PrintMapClass;

static GType print_map_get_type(void);
G_DEFINE_TYPE(PrintMap, print_map, PANGO_TYPE_FONT_MAP)

static PangoFont *find(const PrintMap *map, const PangoFontDescription *asked)
{
    for (size_t i = 0; i < map->count; i++)
        if (pango_font_description_equal(map->asked[i], asked))
            return map->fonts[i];
    return map->fonts[0];
}

static PangoFont *load_font(PangoFontMap *map, PangoContext *context,
                            const PangoFontDescription *asked)
{
    (void)context;
    return g_object_ref(find((const PrintMap *)map, asked));
}

static PangoFontset *load_fontset(PangoFontMap *map, PangoContext *context,
                                  const PangoFontDescription *asked, PangoLanguage *language)
{
    PangoFontsetSimple *set = pango_fontset_simple_new(language);
    pango_fontset_simple_append(set, load_font(map, context, asked));
    return PANGO_FONTSET(set);
}

static void list_families(PangoFontMap *map, PangoFontFamily ***families, int *count)
{
    (void)map;
    *families = NULL;
    *count = 0;
}

static void print_map_class_init(PrintMapClass *class)
{
    class->load_font = load_font;
    class->load_fontset = load_fontset;
    class->list_families = list_families;
}

static void print_map_init(PrintMap *map)
{
    map->count = 0;
}

PangoFontMap *print_map_open(const char *const *names, size_t count)
{
    PangoFontMap *system = pango_cairo_font_map_get_default();
    PangoContext *context = pango_font_map_create_context(system);
    PrintMap *map = g_object_new(print_map_get_type(), NULL);
    PangoLanguage *language = pango_language_from_string("ja");
    pango_context_set_language(context, language);
    for (size_t i = 0; i < count && i < FONTS_MOST; i++) {
        map->asked[i] = pango_font_description_from_string(names[i]);
        map->fonts[i] =
            print_font_make(pango_font_map_load_font(system, context, map->asked[i]), language);
        map->count++;
    }
    g_object_unref(context);
    return &map->parent;
}
