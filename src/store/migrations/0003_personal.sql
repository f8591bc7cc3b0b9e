-- SPDX-License-Identifier: GPL-3.0-or-later
-- Personal data that may have to be erased. The journal holds only the hash over salt and content;
-- without both nobody can tell what was hashed.

create table personal (
    hash blob primary key check (length(hash) = 32),
    salt blob,                          -- null once erased
    content blob,                       -- null once erased
    created integer not null,
    erased integer,                     -- moment of erasure
    check ((erased is null) = (salt is not null) and (salt is null) = (content is null))
);
