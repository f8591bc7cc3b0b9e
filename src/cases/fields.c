/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields that somebody filled in, held against their form. */
#include <jansson.h>
#include <string.h>

#include "base/utf8.h"
#include "cases/case.h"
#include "identity/permissions.h"

const struct form *form_find(const char *key)
{
    for (size_t i = 0; i < form_count; i++)
        if (!strcmp(form_table[i].key, key))
            return &form_table[i];
    return NULL;
}

/* Characters of a UTF-8 text. */
static size_t count_characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* True when a word stands in a list with one space between them. */
static bool is_one_of(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; *at; at += strspn(at, " ")) {
        size_t next = strcspn(at, " ");
        if (next == length && !strncmp(at, word, length))
            return true;
        at += next;
    }
    return false;
}

static int check_field(const struct form_field *field, const json_t *value, struct error *error)
{
    const char *text = json_string_value(value);
    if (value && !text)
        return error_set(error, "case_bad_field", field->name, "%s", "");
    if (!text || !*text)
        return field->required ? error_set(error, "case_bad_field", field->name, "%s", "") : 0;
    if (count_characters(text) > field->most || (*field->one_of && !is_one_of(field->one_of, text)))
        return error_set(error, "case_bad_field", field->name, "%zu", field->most);
    return 0;
}

int form_check_fields(const struct form *form, const char *fields, struct error *error)
{
    json_t *object = json_loads(fields, JSON_REJECT_DUPLICATES, NULL);
    int result = 0;
    size_t known = 0;
    if (!json_is_object(object))
        result = error_set(error, "case_bad_field", form->key, "%s", "");
    for (size_t i = 0; i < form->field_count && result == 0; i++) {
        const json_t *value = json_object_get(object, form->fields[i].name);
        known += value != NULL;
        result = check_field(&form->fields[i], value, error);
    }
    if (result == 0 && known != json_object_size(object))
        result = error_set(error, "case_bad_field", form->key, "%s", "");
    json_decref(object);
    return result;
}

void form_label(const char *fields, char label[CASES_LABEL_SIZE])
{
    json_t *object = json_loads(fields, JSON_REJECT_DUPLICATES, NULL);
    const char *text = json_string_value(json_object_get(object, "classification"));
    utf8_copy(label, CASES_LABEL_SIZE, text ? text : "");
    json_decref(object);
}

bool form_role_may(const struct form *form, const char *role, const char *zone, const char *label)
{
    return form && identity_role_may(role, form->action, zone ? zone : "", zone, label);
}
