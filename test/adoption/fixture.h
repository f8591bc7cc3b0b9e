/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of adoption share: the sample policy of みほん市, stored and adopted. */
#ifndef TEST_ADOPTION_FIXTURE_H
#define TEST_ADOPTION_FIXTURE_H

#include "../cases/fixture.h"

#include "adoption/adoption.h"

static struct error error;

/* Appends a file of the source tree. */
static inline void fixture_source(const char *path, struct buffer *out)
{
    AUTO_BUFFER full = {0};
    buffer_append_format(&full, "%s/%s", getenv("SEKISHO_SOURCE"), path);
    expect_ok(file_read(buffer_string(&full), 1 << 24, out, &error), &error);
}

static inline int64_t fixture_store_text(struct store *store, struct bytes text)
{
    const struct adoption_upload upload = {"規程.txt", text, text};
    int64_t version = 0;
    expect_ok(adoption_store(store, &act, &upload, &version, &error), &error);
    return version;
}

static inline int64_t fixture_store_sample(struct store *store)
{
    AUTO_BUFFER text = {0};
    fixture_source("data/sample/policy.txt", &text);
    return fixture_store_text(store, buffer_bytes(&text));
}

static inline int fixture_try_adopt(struct store *store, int64_t version, const char *effective)
{
    const struct adoption_decision decision = {.version = version,
                                               .number = "第1版",
                                               .decided = "2026-03-20",
                                               .effective = effective,
                                               .decided_by = "情報セキュリティ委員会",
                                               .reason = "新しく定めるため"};
    return adoption_adopt(store, &act, &decision, &error);
}

static inline int64_t fixture_adopt_sample(struct store *store)
{
    int64_t version = fixture_store_sample(store);
    expect_ok(fixture_try_adopt(store, version, "2026-04-01"), &error);
    return version;
}

#endif
