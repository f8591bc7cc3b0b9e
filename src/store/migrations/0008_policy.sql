-- SPDX-License-Identifier: GPL-3.0-or-later
-- Versions of the security policy, and which of their clauses are published.

-- Dates are ISO text, '' when there is none yet. In force and replaced follow from them.
create table policy_version (
    id integer primary key,
    state text not null check (state in ('draft', 'adopted', 'discarded')),
    organization text not null,         -- as the text names it
    title text not null,
    content text not null,              -- the text itself, as adopted
    text_digest text not null,
    text_size integer not null,
    file blob not null references blob (id),
    file_name text not null,
    file_digest text not null,
    file_size integer not null,
    number text not null,
    decided text not null,
    effective text not null,
    decided_by text not null,
    reason text not null,
    stored_by text not null,
    stored integer not null,
    recorded_by text not null,
    recorded integer,
    set_up integer,                     -- moment when its set-up was last applied
    check ((state = 'adopted') = (recorded is not null))
);
create index policy_version_digest on policy_version (text_digest);

-- What people decided against the rule that 基本方針 is public and 対策基準 is not.
create table policy_publicity (
    clause text primary key,            -- id; holds for the clauses below it too
    is_public integer not null check (is_public in (0, 1)),
    reason text not null,
    decided_by text not null,
    changed integer not null
);
