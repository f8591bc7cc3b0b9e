-- SPDX-License-Identifier: GPL-3.0-or-later
-- A table of people that somebody looked at and has not confirmed yet.

create table import_draft (
    person_id integer primary key references person (id), -- who brought it
    made integer not null,
    content blob not null               -- as it came
);
