-- SPDX-License-Identifier: GPL-3.0-or-later
-- What keeps a watched folder from being worked, as long as it does; for the pages.

create table folder_trouble (
    folder text primary key,            -- its name in the configuration
    code text not null,                 -- key of the message catalogue
    place text not null,
    detail text not null,
    since integer not null              -- moment
);
