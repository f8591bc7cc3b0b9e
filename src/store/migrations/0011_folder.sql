-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files of watched folders that were accepted, until they are delivered or refused and afterwards.

create table folder_file (
    id integer primary key,
    folder text not null,               -- its name in the configuration
    name blob not null,                 -- as in the folder, bytes
    digest blob not null,               -- SHA-256 of the content
    transfer_id integer not null unique references transfer (id),
    state text not null check (state in ('accepted', 'taken', 'placing', 'done', 'refused')),
    placed text not null,               -- name in the output folder; '' none yet
    changed integer not null
);
create index folder_file_state on folder_file (folder, state, id);
