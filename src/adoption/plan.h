/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the files of the room make a plan. */
#ifndef ADOPTION_PLAN_H
#define ADOPTION_PLAN_H

#include "adoption/internal.h"
#include "adoption/setup.h"

/* Where an item comes from. */
struct setup_source {
    bool stated;
    size_t clause, sentence; /* POLICY_NONE: nowhere */
};

/* An item that the text says nothing about. */
#define PLAN_DEFAULT ((struct setup_source){false, POLICY_NONE, POLICY_NONE})

/* Adds an item; the key is made by a printf format and begins with the kind's name. */
void setup_add(struct adoption_plan *plan, enum adoption_item_kind kind, const char *value,
               struct setup_source source, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The item with this key, to be changed; NULL when there is none. */
struct adoption_item *setup_find(struct adoption_plan *plan, const char *key);

/* Puts another value in the place of an item's. */
void setup_set(char **value, const char *text);

/* The parts of a plan. */
void setup_add_zones(struct adoption_plan *plan, const struct policy *policy);
void setup_add_conduits(struct adoption_plan *plan, const struct policy *policy);
void setup_add_classification(struct adoption_plan *plan, const struct policy *policy);
void setup_add_rules(struct adoption_plan *plan, const struct policy *policy);
void setup_add_roles(struct adoption_plan *plan, const struct policy *policy);

/* The headings of a clause and of those above it, and what its sentence says: where words are
 * looked for. */
void setup_context(const struct policy *policy, size_t sentence, struct buffer *out);

/* True when one of the words stands in the text; "|" between them. "" is always there. */
bool setup_mentions(const char *text, const char *words);

/* The first sentence of a requirement that mentions one word of each list, or POLICY_NONE. */
size_t setup_find_sentence(const struct policy *policy, const char *const *lists, size_t count);

/* The key (people.h) of the role that the text calls so; NULL when we know none. */
const char *setup_role_of(const char *name);

/* Whether a value lets more happen than another for items of this key. */
bool setup_looser(const struct adoption_item *item, const char *present, const char *value);

/* Fills present and change of all items from what is set up; silent defaults keep what is there. */
int setup_compare(struct store *store, struct adoption_plan *plan, struct error *error);

/* The name of the setting that an item is kept in; nothing for zones and conduits. */
void setup_setting_name(const struct adoption_item *item, struct buffer *out);

/* Splits "conduit/<from>/<to>/<name>"; false when it is none. */
bool setup_conduit_zones(const struct adoption_item *item, char from[IDENTITY_ZONE_SIZE],
                         char to[IDENTITY_ZONE_SIZE]);

#endif
