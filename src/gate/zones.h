/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zones and conduits: which networks there are, and what may pass between which two, one way.
 *
 * Errors of this room, beside those of the store, of identity and of cases: gate_zone_unknown,
 * gate_zone_closed (where a conduit is to begin or end), gate_conduit_unknown, gate_bad_value
 * ({where}: the field), gate_forbidden (the session may not do this here).
 */
#ifndef GATE_ZONES_H
#define GATE_ZONES_H

#include "disarm/disarm.h"
#include "identity/sessions.h"

#define GATE_ZONE_SIZE  IDENTITY_ZONE_SIZE
#define GATE_NAME_SIZE  IDENTITY_NAME_SIZE
#define GATE_TYPES_SIZE 513
#define GATE_LEVEL_MOST 9 /* of a zone */
#define GATE_LABEL_NONE 5 /* approval_from: no classification asks for an approval */

struct gate_zone {
    char id[GATE_ZONE_SIZE]; /* mynumber, lgwan, internet, or a slug: a–z, 0–9, - */
    char name[GATE_NAME_SIZE];
    int64_t level;  /* how well protected: 0 the least; a page lists zones by it */
    int64_t closed; /* moment since which it is not used; 0: it is open */
};

enum gate_antivirus {
    GATE_ANTIVIRUS_NONE,
    GATE_ANTIVIRUS_IF_THERE, /* scanned when the scanner can be reached */
    GATE_ANTIVIRUS_REQUIRED, /* transfers wait while it cannot */
};

struct gate_conduit {
    int64_t id; /* 0: a new one */
    char source[GATE_ZONE_SIZE], destination[GATE_ZONE_SIZE];
    bool open;
    bool treatments[DISARM_TREATMENT_COUNT]; /* that may be asked for; at least one */
    enum disarm_treatment usual;             /* taken when nothing is asked for; one of them */
    char types[GATE_TYPES_SIZE]; /* names of formats with one space between; "": all that we know */
    int64_t size_most;           /* bytes of one file */
    int64_t items_most;          /* files of one transfer */
    int64_t approval_from;       /* rank of identity_classification_rank from which it is asked for:
                                    0 always … GATE_LABEL_NONE never by label */
    bool approval_personal;      /* asked for when there is personal data */
    bool emergency;              /* the exception for night duty exists here */
    bool medium_only;            /* takes only what comes on a portable medium: no browser sends */
    bool password;               /* handed out in a ZIP archive with a password */
    bool close_again;            /* a file that came closed with a password is closed again with it
                                    when it was rebuilt; antivirus sees it before that */
    enum gate_antivirus antivirus;
    int64_t days_kept; /* days until what is not picked up expires */
};

/* The zones by level and id. */
int gate_zone_list(struct store *store, struct gate_zone *list, size_t most, size_t *count,
                   struct error *error);

int gate_zone_read(struct store *store, const char *id, struct gate_zone *zone,
                   struct error *error);

/* Adds a zone; code gate_zone_twice when there is one with this id, open or closed. Journal:
 * zone.save. */
int gate_zone_add(struct store *store, const struct identity_act *act, const struct gate_zone *zone,
                  struct error *error);

/* What keeps a zone from being closed. */
struct gate_zone_use {
    int64_t conduits;  /* open ones that begin or end there */
    int64_t transfers; /* of it or to it that have not ended: what waits in an inbox too */
};
int gate_zone_use(struct store *store, const char *id, struct gate_zone_use *use,
                  struct error *error);

/*
 * Closes a zone that nothing uses, or opens it again; needs a reason. A closed zone stays, for the
 * journal and old transfers name it, but no conduit can begin or end there and its web process ends
 * (serve_zones.c). Codes gate_zone_used, gate_zone_here (the act comes from this zone). Journal:
 * zone.close, zone.open.
 */
int gate_zone_open(struct store *store, const struct identity_act *act, const char *id, bool open,
                   struct error *error);

/* Adds or changes a zone. Journal: zone.save. */
int gate_zone_save(struct store *store, const struct identity_act *act,
                   const struct gate_zone *zone, struct error *error);

/* As gate_zone_save, gate_conduit_save and gate_conduit_open, in the open transaction. */
int gate_zone_put(struct store *store, const struct identity_act *act, const struct gate_zone *zone,
                  struct error *error);
int gate_conduit_put(struct store *store, const struct identity_act *act,
                     struct gate_conduit *conduit, struct error *error);
int gate_conduit_put_open(struct store *store, const struct identity_act *act, int64_t id,
                          bool open, struct error *error);

/* The conduits that leave a zone (NULL: all), closed ones too, by number. */
int gate_conduit_list(struct store *store, const char *source, struct gate_conduit *list,
                      size_t most, size_t *count, struct error *error);

int gate_conduit_read(struct store *store, int64_t id, struct gate_conduit *conduit,
                      struct error *error);

/*
 * Adds (id 0, which is then set) or changes a conduit; there is one per pair and direction. Does
 * not open or close an existing one. What is under way keeps the treatment that it was accepted
 * with. Journal: conduit.save.
 */
int gate_conduit_save(struct store *store, const struct identity_act *act,
                      struct gate_conduit *conduit, struct error *error);

/*
 * Closes a conduit at once, or opens it again. Closing refuses every transfer on it that is not in
 * the inbox yet, in the same transaction. Needs a reason. Journal: conduit.close, conduit.open, and
 * transfer.refuse for each.
 */
int gate_conduit_open(struct store *store, const struct identity_act *act, int64_t id, bool open,
                      struct error *error);

/* How many transfers closing the conduit would refuse. */
int gate_conduit_unfinished(struct store *store, int64_t id, int64_t *count, struct error *error);

/* The usual set-up of a town with the three zones mynumber, lgwan and internet, into a store
 * without zones. */
int gate_zones_default(struct store *store, const struct identity_act *act, struct error *error);

#endif
