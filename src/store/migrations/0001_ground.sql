-- SPDX-License-Identifier: GPL-3.0-or-later
-- The organization, its settings, and the entries that wait for the journal.

-- One row: whose directory this is.
create table organization (
    id integer primary key check (id = 1),
    name text not null,
    created integer not null            -- moment, as everywhere
);

create table setting (
    name text primary key,
    value text not null,
    changed integer not null
);

-- Numbers that only go up, without gaps.
create table counter (
    name text primary key,
    value integer not null check (value >= 0)
);
insert into counter (name, value) values ('journal', 0);

-- Entries that are recorded but not yet seen in a published checkpoint. sequence is the
-- organization's running number of entries, from 1; it stands in the entry too.
create table outbox (
    sequence integer primary key,
    entry blob not null
);
