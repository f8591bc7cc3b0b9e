/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones and conduits of a plan: which networks the text names, and what it lets pass. */
#include <stdio.h>
#include <string.h>

#include "adoption/plan.h"
#include "gate/zones.h"
#include "identity/permissions.h"

/* How well protected: the text names the best protected zone first, the internet is the least. */
static size_t level_of(const struct policy *policy, size_t zone)
{
    size_t level = policy->zone_count - 1 - zone;
    return strcmp(policy->zones[zone].id, "internet") == 0 ? 0 : level ? level : 1;
}

/* The sentence that asks for a second factor in a zone, by its name or in a clause about it. */
static size_t factor_sentence(const struct policy *policy, const struct policy_zone *zone)
{
    const char *const lists[] = {"多要素認証|二要素認証|二つ以上を併用|二つ以上の認証|二つ以上を",
                                 "認証|知識", zone->name};
    return setup_find_sentence(policy, lists, sizeof lists / sizeof *lists);
}

/* Where a sentence stands. */
static struct setup_source said(const struct policy *policy, size_t sentence)
{
    return sentence == POLICY_NONE
               ? PLAN_DEFAULT
               : (struct setup_source){true, policy->sentences[sentence].clause, sentence};
}

void setup_add_zones(struct adoption_plan *plan, const struct policy *policy)
{
    char level[24];
    for (size_t i = 0; i < policy->zone_count; i++) {
        const struct policy_zone *zone = &policy->zones[i];
        struct setup_source defined = {true, zone->clause, POLICY_NONE};
        size_t factor = factor_sentence(policy, zone);
        bool always = strcmp(zone->id, "mynumber") == 0;
        snprintf(level, sizeof level, "%zu", level_of(policy, i));
        setup_add(plan, ADOPTION_ITEM_ZONE, zone->name, defined, "zone/%s/name", zone->id);
        setup_add(plan, ADOPTION_ITEM_ZONE, level, PLAN_DEFAULT, "zone/%s/level", zone->id);
        setup_add(plan, ADOPTION_ITEM_ZONE, factor != POLICY_NONE || always ? "yes" : "no",
                  said(policy, factor), "zone/%s/second_factor", zone->id);
    }
}

/* ---- what may pass ---- */

static bool names_zone(const char *word, const char *zone, bool *wild)
{
    bool every = strcmp(word, "*") == 0;
    *wild |= every;
    return every || strcmp(word, zone) == 0;
}

/* How closely a crossing is about this pair: 0 not, 1 with every other zone, 2 by both names. */
static int closeness(const struct policy_crossing *crossing, const char *from, const char *to)
{
    bool wild = false, wild_back = false;
    if (names_zone(crossing->from, from, &wild) && names_zone(crossing->to, to, &wild))
        return wild ? 1 : 2;
    if (crossing->both_ways && names_zone(crossing->from, to, &wild_back) &&
        names_zone(crossing->to, from, &wild_back))
        return wild_back ? 1 : 2;
    return 0;
}

/* What the text says about one pair, all its sentences together. */
struct passage {
    const char *value; /* "none", "medium", "open" */
    bool treatments[DISARM_TREATMENT_COUNT];
    struct setup_source source, method_source;
};

static void take_methods(struct passage *passage, const struct policy_crossing *crossing)
{
    for (size_t i = 0; i < crossing->methods.count; i++)
        for (unsigned k = 0; k < DISARM_TREATMENT_COUNT; k++)
            if (strcmp(crossing->methods.items[i], disarm_treatment_name(k)) == 0) {
                passage->treatments[k] = true;
                passage->method_source =
                    (struct setup_source){true, crossing->clause, crossing->sentence};
            }
}

/* The strictest rule among those that are closest to the pair; 限定 and 監視 let pass. */
static struct passage passage_of(const struct policy *policy, const char *from, const char *to)
{
    struct passage passage = {.source = PLAN_DEFAULT, .method_source = PLAN_DEFAULT};
    enum policy_crossing_rule rule = POLICY_CROSSING_COUNT;
    int closest = 0;
    for (size_t i = 0; i < policy->crossing_count; i++) {
        const struct policy_crossing *crossing = &policy->crossings[i];
        int close = closeness(crossing, from, to);
        if (close == 0 || close < closest)
            continue;
        take_methods(&passage, crossing);
        if (close > closest || crossing->rule < rule) {
            rule = crossing->rule;
            passage.source = (struct setup_source){true, crossing->clause, crossing->sentence};
        }
        closest = close;
    }
    bool guarded = strcmp(from, "mynumber") == 0 || strcmp(to, "mynumber") == 0;
    passage.value = rule == POLICY_CROSSING_FORBIDDEN          ? "none"
                    : rule == POLICY_CROSSING_MEDIA_ONLY       ? "medium"
                    : rule == POLICY_CROSSING_COUNT && guarded ? "none"
                                                               : "open";
    return passage;
}

/* ---- who must approve ---- */

/* The rank of "Ⅱ", "自治体機密性2"; GATE_LABEL_NONE without a threshold. */
static int rank_of(const char *threshold)
{
    static const char scheme[] = "機密性";
    const char *name = strstr(threshold, scheme);
    return *threshold ? identity_classification_rank(name ? name + sizeof scheme - 1 : threshold)
                      : GATE_LABEL_NONE;
}

/* The lowest rank from which sending out needs somebody's permission by the text. */
static const char *approval_of(const struct policy *policy, struct setup_source *source)
{
    static char rank[8];
    int lowest = GATE_LABEL_NONE;
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        const char *sentence = policy->sentences[requirement->sentence].text;
        if (requirement->permission_from.count == 0 || requirement->modality == POLICY_MAY ||
            !setup_mentions(sentence, "送信|送付|送る|送ろう|提供|受渡|受け渡|移送|持ち出"))
            continue;
        int from = rank_of(requirement->threshold);
        if (from < lowest) {
            lowest = from;
            *source = (struct setup_source){true, requirement->clause, requirement->sentence};
        }
    }
    if (lowest == GATE_LABEL_NONE)
        return NULL;
    snprintf(rank, sizeof rank, "%d", lowest);
    return rank;
}

/* Whether files must be looked through for malicious programs. */
static const char *antivirus_of(const struct policy *policy, struct setup_source *source)
{
    const char *const lists[] = {"ウイルス|不正プログラム|不正なプログラム|マルウェア",
                                 "チェック|検査|検知|スキャン|調べ|確かめ",
                                 "ファイル|データ|媒体|取り込"};
    size_t sentence = setup_find_sentence(policy, lists, sizeof lists / sizeof *lists);
    *source = said(policy, sentence);
    return sentence == POLICY_NONE ? "if_there" : "required";
}

/* ---- items of a conduit ---- */

#define ADD(value, source, name)                                                                   \
    setup_add(plan, ADOPTION_ITEM_CONDUIT, value, source, "conduit/%s/%s/" name, from, to)

static void add_treatments(struct adoption_plan *plan, const struct passage *passage,
                           const char *from, const char *to)
{
    static const enum disarm_treatment order[] = {DISARM_REBUILD, DISARM_FLATTEN, DISARM_TEXT};
    AUTO_BUFFER list = {0};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (passage->treatments[order[i]] || !passage->method_source.stated)
            buffer_append_format(&list, "%s%s", list.length ? " " : "",
                                 disarm_treatment_name(order[i]));
    ADD(buffer_string(&list), passage->method_source, "treatments");
}

/* The usual set-up where the text is silent: what goes to a less protected zone is approved. */
static void add_conduit(struct adoption_plan *plan, const struct policy *policy, size_t source,
                        size_t destination)
{
    const char *from = policy->zones[source].id, *to = policy->zones[destination].id;
    struct passage passage = passage_of(policy, from, to);
    struct setup_source approval = PLAN_DEFAULT, antivirus = PLAN_DEFAULT;
    ADD(passage.value, passage.source, "passage");
    if (strcmp(passage.value, "none") == 0)
        return;
    bool outwards = level_of(policy, source) > level_of(policy, destination);
    bool guarded = strcmp(from, "mynumber") == 0;
    const char *rank = outwards ? approval_of(policy, &approval) : "5";
    const char *scan = antivirus_of(policy, &antivirus);
    add_treatments(plan, &passage, from, to);
    ADD(rank ? rank : guarded ? "0" : "1", approval, "approval_from");
    ADD(outwards ? "yes" : "no", PLAN_DEFAULT, "approval_personal");
    ADD(outwards && !guarded ? "yes" : "no", PLAN_DEFAULT, "emergency");
    ADD(scan, antivirus, "antivirus");
    ADD("no", PLAN_DEFAULT, "password");
    ADD(outwards ? "7" : "14", PLAN_DEFAULT, "days_kept");
}

void setup_add_conduits(struct adoption_plan *plan, const struct policy *policy)
{
    for (size_t i = 0; i < policy->zone_count; i++)
        for (size_t k = 0; k < policy->zone_count; k++)
            if (i != k)
                add_conduit(plan, policy, i, k);
}
