/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copying a PDF object by object through the allow-list of pdf_keys.h. The kind of an object comes
 * from where it hangs; an object is copied once for each kind, cycles are fine. Objects that can
 * turn out to be refused (streams, arrays with places, kinds with required keys) are written when
 * they are first met; all others wait in a queue.
 */
#ifndef DISARM_FORMAT_PDF_COPY_H
#define DISARM_FORMAT_PDF_COPY_H

#include "disarm/format/job.h"
#include "disarm/format/pdf_keys.h"
#include "disarm/format/pdf_source.h"
#include "disarm/format/pdf_writer.h"

/* What became of an object of the input, seen as one kind. */
struct pdf_memo_entry {
    uint64_t key;    /* object number and what it is copied as; 0: free place */
    uint32_t number; /* in the output; 0: refused */
};

struct pdf_task {
    struct pdf_reference reference;
    struct pdf_alternative as;
    uint32_t number;
};

/* Keys that are written anew, not copied, or mean nothing any more: no row for them. */
#define PDF_SILENT_KEYS                                                                            \
    ",Type,Parent,MediaBox,Contents,Pages,Name,Length,Filter,DecodeParms,DL,F,FFilter,"            \
    "FDecodeParms,Length1,Length2,Length3,Width,Height,BitsPerComponent,ColorSpace,Decode,"        \
    "ImageMask,SMaskInData,"

struct pdf_drop;

struct pdf_copy {
    struct job *job;
    struct pdf_source *source;
    struct pdf_writer writer;
    struct pdf_arena arena; /* values of the objects in work */
    struct pdf_memo_entry *memo;
    size_t memo_count, memo_capacity;
    struct pdf_task *tasks;
    size_t task_count, task_capacity;
    struct pdf_drop *drops; /* what was dropped, counted per place and word */
    size_t drop_count;
    size_t input_bytes;
    unsigned eager_depth; /* objects being written inside one another */
    bool told;            /* the drop of the value just refused has its row already */
    bool failed;          /* the whole file is refused: error says why */
    struct error *error;
};

void pdf_copy_open(struct pdf_copy *copy, struct job *job, struct pdf_source *source,
                   struct buffer *out, size_t input_bytes, struct error *error);
void pdf_copy_close(struct pdf_copy *copy);

/*
 * Appends a value copied as a shape; false when it does not fit: then nothing was appended. depth
 * counts direct values inside one another; callers start at 0.
 */
bool pdf_copy_value(struct pdf_copy *copy, const struct pdf_value *value, unsigned shape,
                    struct buffer *out, unsigned depth);

/* As pdf_copy_value, for one alternative of a shape. */
bool pdf_copy_as(struct pdf_copy *copy, const struct pdf_value *value, struct pdf_alternative as,
                 struct buffer *out, unsigned depth);

/*
 * Appends the keys of a dictionary that its kind allows, without << and >>. False when a required
 * key is missing.
 */
bool pdf_copy_entries(struct pdf_copy *copy, const struct pdf_kind *kind,
                      const struct pdf_value *dictionary, struct buffer *out, unsigned depth);

/* Writes everything that waits. */
void pdf_copy_run(struct pdf_copy *copy);

/* Remembers under which number an object of the input stands as a kind. */
void pdf_copy_remember(struct pdf_copy *copy, struct pdf_reference reference,
                       struct pdf_alternative as, uint32_t number);

/* The place in the memo of an object as a kind, or NULL when it was not met yet. */
struct pdf_memo_entry *pdf_copy_lookup(struct pdf_copy *copy, struct pdf_reference reference,
                                       struct pdf_alternative as);

/* The value, resolved when it is a reference, in the arena. */
struct pdf_object pdf_copy_resolve(struct pdf_copy *copy, const struct pdf_value *value);

/* Counts something dropped: at which place ("Catalog/OpenAction"), under which word. key may be
 * NULL. */
void pdf_copy_drop(struct pdf_copy *copy, const char *place, const char *key, const char *row,
                   const char *reason);

/* Counts a key that is not on the list of its kind. */
void pdf_copy_drop_key(struct pdf_copy *copy, const struct pdf_kind *kind, struct bytes key);

/* Charges decoded bytes; false when a limit is reached: the copy has failed then. */
bool pdf_copy_use_bytes(struct pdf_copy *copy, size_t bytes);

/* What of the unpacked bytes may still be used. */
uint64_t pdf_copy_bytes_left(const struct pdf_copy *copy);

#endif
