/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CMaps and ToUnicode maps: only ranges, characters, their system and name go over. */
#include "disarm/format/pdf_program.h"
#include "disarm/format/pdf_token.h"

enum { MAP_ENTRIES = 1 << 20 };

/* What a section's entries consist of: operands each, and whether the last may be an array. */
struct section {
    const char *begin, *end;
    unsigned operands;
};

static const struct section sections[] = {
    {"begincodespacerange", "endcodespacerange", 2},
    {"beginbfchar", "endbfchar", 2},
    {"beginbfrange", "endbfrange", 3},
    {"begincidchar", "endcidchar", 2},
    {"begincidrange", "endcidrange", 3},
    {"beginnotdefchar", "endnotdefchar", 2},
    {"beginnotdefrange", "endnotdefrange", 3},
};

struct map {
    struct buffer registry, ordering, name, base; /* base: of usecmap */
    int64_t supplement, type, mode;
    bool has_system, has_mode;
    struct buffer body;
};

static void write_hexadecimal(struct buffer *out, struct bytes string)
{
    static const char digits[] = "0123456789ABCDEF";
    buffer_append_byte(out, '<');
    for (size_t i = 0; i < string.length; i++) {
        buffer_append_byte(out, (uint8_t)digits[string.data[i] >> 4]);
        buffer_append_byte(out, (uint8_t)digits[string.data[i] & 15]);
    }
    buffer_append_byte(out, '>');
}

/* One operand of an entry; false at the end of the section or of the map. */
static bool write_operand(struct pdf_lexer *lexer, struct buffer *out)
{
    switch (pdf_lexer_next(lexer)) {
    case PDF_TOKEN_STRING:
        write_hexadecimal(out, lexer->text);
        return true;
    case PDF_TOKEN_INTEGER:
        pdf_write_integer(out, lexer->integer);
        return true;
    case PDF_TOKEN_NAME:
        pdf_write_name(out, lexer->text);
        return lexer->text.length != 0;
    case PDF_TOKEN_ARRAY_OPEN:
        buffer_append_byte(out, '[');
        while (pdf_lexer_next(lexer) == PDF_TOKEN_STRING || lexer->kind == PDF_TOKEN_NAME) {
            if (lexer->kind == PDF_TOKEN_STRING)
                write_hexadecimal(out, lexer->text);
            else if (lexer->text.length)
                pdf_write_name(out, lexer->text);
        }
        buffer_append_byte(out, ']');
        return lexer->kind == PDF_TOKEN_ARRAY_CLOSE;
    default:
        return false;
    }
}

static void take_section(struct pdf_lexer *lexer, const struct section *section, struct map *map)
{
    AUTO_BUFFER entries = {0};
    unsigned count = 0;
    for (; count < MAP_ENTRIES; count++) {
        size_t start = entries.length;
        unsigned operands = 0;
        while (operands < section->operands && write_operand(lexer, &entries))
            operands++;
        if (operands < section->operands) {
            entries.length = start;
            break;
        }
        buffer_append_byte(&entries, '\n');
    }
    if (!count)
        return;
    buffer_append_format(&map->body, "%u %s\n", count, section->begin);
    buffer_append_bytes(&map->body, buffer_bytes(&entries));
    buffer_append_format(&map->body, "%s\n", section->end);
}

static void set_text(struct buffer *to, struct bytes text)
{
    buffer_clear(to);
    buffer_append_bytes(to, text);
}

/* A value that stands behind one of the names that we keep. */
static void take_definition(const struct pdf_lexer *lexer, struct bytes name, struct map *map)
{
    if (lexer->kind == PDF_TOKEN_STRING && bytes_equal_string(name, "Registry")) {
        set_text(&map->registry, lexer->text);
        map->has_system = true;
    } else if (lexer->kind == PDF_TOKEN_STRING && bytes_equal_string(name, "Ordering")) {
        set_text(&map->ordering, lexer->text);
    } else if (lexer->kind == PDF_TOKEN_NAME && bytes_equal_string(name, "CMapName")) {
        set_text(&map->name, lexer->text);
    } else if (lexer->kind == PDF_TOKEN_INTEGER && bytes_equal_string(name, "Supplement")) {
        map->supplement = lexer->integer;
    } else if (lexer->kind == PDF_TOKEN_INTEGER && bytes_equal_string(name, "CMapType")) {
        map->type = lexer->integer;
    } else if (lexer->kind == PDF_TOKEN_INTEGER && bytes_equal_string(name, "WMode")) {
        map->mode = lexer->integer;
        map->has_mode = true;
    }
}

static void read_map(struct bytes program, struct map *map)
{
    struct pdf_lexer lexer = pdf_lexer_open(program);
    AUTO_BUFFER last = {0};
    while (pdf_lexer_next(&lexer) != PDF_TOKEN_END) {
        take_definition(&lexer, buffer_bytes(&last), map);
        if (lexer.kind == PDF_TOKEN_NAME) {
            set_text(&last, lexer.text);
            continue;
        }
        if (lexer.kind == PDF_TOKEN_KEYWORD) {
            if (bytes_equal_string(lexer.text, "usecmap"))
                set_text(&map->base, buffer_bytes(&last));
            for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
                if (lexer.text.data && bytes_equal_string(lexer.text, sections[i].begin)) {
                    take_section(&lexer, &sections[i], map);
                    break;
                }
            }
        }
        buffer_clear(&last);
    }
    pdf_lexer_close(&lexer);
}

static void write_map(const struct map *map, struct buffer *out)
{
    buffer_append_string(out, "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n");
    if (map->base.length) {
        pdf_write_name(out, buffer_bytes(&map->base));
        buffer_append_string(out, " usecmap\n");
    }
    if (map->has_system) {
        buffer_append_string(out, "/CIDSystemInfo<</Registry");
        pdf_write_string(out, buffer_bytes(&map->registry));
        buffer_append_string(out, "/Ordering");
        pdf_write_string(out, buffer_bytes(&map->ordering));
        buffer_append_string(out, "/Supplement");
        pdf_write_integer(out, map->supplement);
        buffer_append_string(out, ">>def\n");
    }
    if (map->name.length) {
        buffer_append_string(out, "/CMapName");
        pdf_write_name(out, buffer_bytes(&map->name));
        buffer_append_string(out, " def\n");
    }
    buffer_append_format(out, "/CMapType %d def\n", map->type == 2 ? 2 : map->type == 1 ? 1 : 0);
    if (map->has_mode)
        buffer_append_format(out, "/WMode %d def\n", map->mode == 1);
    buffer_append_bytes(out, buffer_bytes(&map->body));
    buffer_append_string(out, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n");
}

bool pdf_cmap_rewrite(struct bytes program, struct buffer *out)
{
    struct map map = {0};
    read_map(program, &map);
    bool useful = map.body.length || map.base.length;
    if (useful)
        write_map(&map, out);
    buffer_free(&map.registry);
    buffer_free(&map.ordering);
    buffer_free(&map.name);
    buffer_free(&map.base);
    buffer_free(&map.body);
    return useful;
}
