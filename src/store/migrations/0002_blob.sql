-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files outside the database, and who needs them.

create table blob (
    id blob primary key check (length(id) = 32),
    size integer not null check (size >= 0),
    key_id integer not null,            -- which line of keys/blob.key opens it
    created integer not null,
    retain_until integer not null       -- moment before which it is never removed
);

create table blob_use (
    blob_id blob not null references blob (id),
    owner text not null,                -- what needs it, such as 'transfer/17/original'
    primary key (blob_id, owner)
);
create index blob_use_owner on blob_use (owner);
