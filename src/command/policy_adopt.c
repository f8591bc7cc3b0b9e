/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Storing, adopting and applying a policy in one go, and saying what was understood. */
#include "command/policy_adopt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adoption/setup.h"
#include "base/file.h"
#include "base/time.h"
#include "command/command.h"
#include "store/sealing.h"

enum { FILE_MOST = 1 << 26, VACANCIES = 16 };

/* ---- doing it ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* The date that was given, else what the text says, else today. */
static void choose_date(const char *given, const char *of_text, int64_t now,
                        char date[ADOPTION_DATE_SIZE])
{
    AUTO_BUFFER today = {0};
    date_append(&today, time_date_in_japan(now));
    snprintf(date, ADOPTION_DATE_SIZE, "%s",
             given                 ? given
             : of_text && *of_text ? of_text
                                   : buffer_string(&today));
}

static int store_text_of(struct store *store, const struct identity_act *act,
                         const struct policy_adoption *adoption, int64_t *version,
                         struct error *error)
{
    AUTO_BUFFER file = {0};
    if (file_read(adoption->path, FILE_MOST, &file, error) != 0)
        return -1;
    const struct adoption_upload upload = {
        .file_name = base_name(adoption->path),
        .file = buffer_bytes(&file),
        .text = {(const uint8_t *)adoption->policy->source, adoption->policy->source_length}};
    return adoption_store(store, act, &upload, version, error);
}

static int adopt(struct store *store, const struct identity_act *act,
                 const struct policy_adoption *adoption, int64_t version, struct error *error)
{
    struct adoption_version found;
    char decided[ADOPTION_DATE_SIZE], effective[ADOPTION_DATE_SIZE];
    const struct policy *policy = adoption->policy;
    const char *last =
        policy->revision_count ? policy->revisions[policy->revision_count - 1].version : "";
    if (adoption_read(store, version, act->now, &found, error) != 0)
        return -1;
    choose_date(adoption->decided, NULL, act->now, decided);
    choose_date(adoption->effective, found.effective, act->now, effective);
    const struct adoption_decision decision = {
        .version = version,
        .number = adoption->number ? adoption->number
                  : *last          ? last
                                   : message_get(LANGUAGE_JA, "policy_adopt.first"),
        .decided = decided,
        .effective = effective,
        .decided_by = adoption->decided_by ? adoption->decided_by
                                           : message_get(LANGUAGE_JA, "policy_adopt.by"),
        .reason =
            adoption->reason ? adoption->reason : message_get(LANGUAGE_JA, "policy_adopt.reason")};
    return adoption_adopt(store, act, &decision, error);
}

/* An organization that was named by hand keeps its name, whatever the text calls it. */
static int keep_name(struct store *store, const struct identity_act *act, int64_t version,
                     const char *name, struct error *error)
{
    struct adoption_plan plan;
    if (!name)
        return 0;
    if (adoption_plan_read(store, version, &plan, error) != 0)
        return -1;
    bool there = adoption_plan_find(&plan, "organization/name") != NULL;
    adoption_plan_free(&plan);
    return there ? adoption_plan_correct(store, act, version, "organization/name", name, error) : 0;
}

/* What was recorded goes into the journal at once. */
static int seal(const char *directory, struct error *error)
{
    struct store_sealing *sealing;
    if (store_sealing_open(directory, NULL, &sealing, error) != 0)
        return -1;
    int result = sealer_flush(store_sealing_sealer(sealing), time_now() / 1000, error);
    store_sealing_close(sealing);
    return result;
}

/* True when the text is there already, adopted but not applied: a run that was cut off goes on. */
static bool was_cut_off(struct store *store, int64_t version, const struct error *error)
{
    struct adoption_version found;
    return strcmp(error->code, "adoption_same_text") == 0 &&
           adoption_read(store, version, time_now(), &found, NULL) == 0 && found.set_up == 0;
}

static int store_and_adopt(struct store *store, const struct identity_act *act,
                           const struct policy_adoption *adoption, int64_t *version,
                           struct error *error)
{
    if (store_text_of(store, act, adoption, version, error) == 0)
        return adopt(store, act, adoption, *version, error);
    return was_cut_off(store, *version, error) ? 0 : -1;
}

int policy_adopt_into(const char *directory, const struct policy_adoption *adoption,
                      int64_t *version, struct error *error)
{
    struct store *store;
    int64_t stored = 0;
    const struct identity_act act = {
        .actor = "command", .reason = adoption->reason, .now = time_now()};
    if (store_open(directory, &store, error) != 0)
        return -1;
    int result = store_and_adopt(store, &act, adoption, &stored, error);
    if (result == 0)
        result = keep_name(store, &act, stored, adoption->name, error);
    if (result == 0)
        result = adoption_apply(store, &act, stored, adoption->loosen, error);
    store_close(store);
    if (version)
        *version = stored;
    return result == 0 ? seal(directory, error) : -1;
}

/* ---- saying it ---- */

static void print_item(const struct adoption_plan *plan, const struct adoption_item *item,
                       const struct policy *policy, enum language language)
{
    AUTO_BUFFER line = {0}, label = {0}, value = {0};
    adoption_item_label(plan, item, language, &label);
    adoption_item_value(plan, item, item->value, language, &value);
    if (!value.length)
        return;
    const char *where = item->clause != POLICY_NONE ? policy->clauses[item->clause].id : "";
    const char *key = item->corrected ? "policy_adopt.item_corrected"
                      : item->stated  ? *where ? "policy_adopt.item" : "policy_adopt.item_text"
                      : *where        ? "policy_adopt.item_asked"
                                      : "policy_adopt.item_usual";
    const struct message_value values[] = {
        {"label", buffer_string(&label)}, {"value", buffer_string(&value)}, {"clause", where}};
    message_append(&line, language, key, values, 3);
    AUTO_BUFFER plain = {0};
    command_append_plain(&plain, buffer_string(&line));
    printf("  %s\n", buffer_string(&plain));
}

static void print_plan(const struct adoption_plan *plan, const struct policy *policy,
                       enum language language)
{
    enum adoption_item_kind kind = ADOPTION_ITEM_KIND_COUNT;
    for (size_t i = 0; i < plan->count; i++) {
        const struct adoption_item *item = &plan->items[i];
        if (item->kind != kind) {
            AUTO_BUFFER key = {0};
            kind = item->kind;
            buffer_append_format(&key, "policy_adopt.kind.%s", adoption_item_kind_name(kind));
            command_say(stdout, language, buffer_string(&key), NULL, 0);
        }
        print_item(plan, item, policy, language);
    }
}

static int print_vacancies(struct store *store, enum language language, struct error *error)
{
    struct adoption_vacancy list[VACANCIES];
    size_t count;
    if (adoption_vacancies(store, time_now(), list, VACANCIES, &count, error) != 0)
        return -1;
    if (count)
        command_say(stdout, language, "policy_adopt.to_do", NULL, 0);
    for (size_t i = 0; i < count; i++) {
        const struct message_value values[] = {
            {"name", list[i].name}, {"post", list[i].post}, {"role", list[i].role}};
        command_say(stdout, language,
                    *list[i].post ? "policy_adopt.appoint" : "policy_adopt.appoint_nobody", values,
                    3);
    }
    return 0;
}

int policy_adopt_print(const char *directory, int64_t version, enum language language,
                       struct error *error)
{
    struct store *store;
    struct adoption_plan plan;
    if (store_open(directory, &store, error) != 0)
        return -1;
    const struct policy *policy = adoption_policy_borrow(store, version, error);
    int result = policy ? adoption_plan_read(store, version, &plan, error) : -1;
    if (result == 0) {
        print_plan(&plan, policy, language);
        adoption_plan_free(&plan);
        result = print_vacancies(store, language, error);
    }
    adoption_policy_return(policy);
    store_close(store);
    return result;
}
