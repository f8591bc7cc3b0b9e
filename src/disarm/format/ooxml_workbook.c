/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheets and names of a workbook, known before any formula is judged. */
#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/ooxml_package.h"
#include "disarm/format/ooxml_xml.h"

enum { LIST_MAXIMUM = 1 << 20 };

struct scan {
    struct ooxml_package *package;
    int kept;
};

static void add_name(char ***list, size_t *count, const char *name)
{
    if (*count >= LIST_MAXIMUM)
        return;
    if ((*count & (*count - 1)) == 0)
        *list = memory_resize(*list, *count ? 2 * *count : 1, sizeof **list);
    (*list)[(*count)++] = memory_copy_string(name, strlen(name));
}

bool ooxml_workbook_is_sheet(struct ooxml_part *workbook, const char *id)
{
    const struct ooxml_relationship *found = id ? ooxml_relationship_find(workbook, id) : NULL;
    return found && found->kind && found->kind->root &&
           (!strcmp(found->kind->root, "worksheet") || !strcmp(found->kind->root, "chartsheet"));
}

static void take_sheet(struct scan *scan, const char **attributes)
{
    struct ooxml_package *package = scan->package;
    const char *name = ooxml_xml_attribute(attributes, "name");
    const char *id = ooxml_xml_relationship_id(attributes);
    struct ooxml_formula_scope *scope = &package->scope;
    bool kept = ooxml_workbook_is_sheet(package->main, id);
    if (package->sheet_map_count >= LIST_MAXIMUM)
        return;
    size_t at = package->sheet_map_count++;
    if ((at & (at - 1)) == 0)
        package->sheet_map =
            memory_resize(package->sheet_map, at ? 2 * at : 1, sizeof *package->sheet_map);
    package->sheet_map[at] = kept ? scan->kept++ : -1;
    if (kept)
        add_name(&scope->sheets, &scope->sheet_count, name ? name : "");
    else
        add_name(&scope->lost_sheets, &scope->lost_sheet_count, name ? name : "");
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct scan *scan = data;
    const struct ooxml_element *element = ooxml_find_element(name);
    struct ooxml_formula_scope *scope = &scan->package->scope;
    const char *given = ooxml_xml_attribute(attributes, "name");
    if (element && element->hook == OOXML_HOOK_SHEET)
        take_sheet(scan, attributes);
    else if (element && element->hook == OOXML_HOOK_DEFINED_NAME && given)
        add_name(&scope->names, &scope->name_count, given);
}

int ooxml_workbook_scan(struct ooxml_package *package, struct bytes xml, struct error *error)
{
    struct scan scan = {package, 0};
    const struct ooxml_xml_handlers handlers = {.start = on_start};
    if (ooxml_xml_read(xml, &handlers, &scan, NULL, error))
        return -1;
    if (scan.kept == 0)
        return error_set(error, "ooxml_nothing_left", package->main->name, "%s", "");
    return 0;
}
