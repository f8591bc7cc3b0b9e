/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader's own view of an Office package: a ZIP file in the one form that our writer
 * makes, with every member inflated by zlib.
 */
#ifndef DISARM_VERIFY_PACKAGE_H
#define DISARM_VERIFY_PACKAGE_H

#include "base/buffer.h"
#include "disarm/verify/verify.h"

struct package_member {
    struct bytes name; /* borrowed from the file */
    struct buffer data;
};

struct package {
    struct package_member *members; /* in the order of the file */
    size_t count;
    size_t *sorted; /* indexes by name, any case */
};

/*
 * Reads the whole file: members from the first byte on without gaps, stored or deflated, the same
 * date for all, no flags, no extra fields; then the directory, which repeats them, and the end
 * record as last bytes. Names are plain and single. Error: verify_package, limit_unpacked. Free the
 * package in any case.
 */
int package_read(struct package *package, struct verify_job *job, struct bytes file,
                 struct error *error);
void package_free(struct package *package);

/* The member with this name, in any case of ASCII letters, or NULL. */
const struct package_member *package_find(const struct package *package, struct bytes name);

#endif
