-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who works here, what they may do, and how they prove who they are.

create table department (
    id integer primary key,
    code text not null unique,          -- the organization's own, such as '0210'
    name text not null,
    parent_id integer references department (id),
    closed integer                      -- moment from which nobody belongs to it
);

create table person (
    id integer primary key,
    login text not null unique,
    name text not null,
    kana text not null,
    mail text not null,
    department_id integer not null references department (id),
    employment text not null check (employment in ('regular', 'fiscal_year', 'contractor')),
    language text not null check (language in ('ja', 'en')),
    starts integer not null,
    ends integer,                       -- moment from which the account is closed
    suspended integer,                  -- moment since which
    away_from integer,                  -- cannot be reached from … until
    away_until integer,
    shared_reason text,                 -- why several people use it: a declared exception
    shared_until integer,
    created integer not null,
    check ((shared_reason is null) = (shared_until is null)),
    check ((away_from is null) = (away_until is null))
);
create index person_kana on person (kana, id);
create index person_department on person (department_id);

create table role_holder (
    id integer primary key,
    person_id integer not null references person (id),
    role text not null,
    department_id integer references department (id), -- null: the whole organization
    starts integer not null,
    ends integer
);
create index role_holder_person on role_holder (person_id);
create index role_holder_role on role_holder (role, department_id);

-- Who acts for the holder of a role, and when.
create table deputy (
    id integer primary key,
    holder_id integer not null references role_holder (id),
    person_id integer not null references person (id),
    starts integer not null,
    ends integer not null,
    check (ends >= starts)
);
create index deputy_holder on deputy (holder_id);
create index deputy_person on deputy (person_id);

-- The present password of a person (replaced is null) and those before it.
create table password (
    id integer primary key,
    person_id integer not null references person (id),
    hash text not null,                 -- Argon2id in its own text form
    created integer not null,
    temporary integer not null,         -- 1: must be changed before anything else
    uses integer not null,              -- successful logins
    replaced integer
);
create index password_person on password (person_id, replaced);

-- Wrong attempts by the login that was typed, whether it exists or not.
create table login_guard (
    login_hash blob primary key,
    failures integer not null,          -- one after the other
    last_failure integer not null,
    locked_until integer not null
);
create index login_guard_age on login_guard (last_failure);

-- What a person is told after the login.
create table login_history (
    person_id integer primary key references person (id),
    last_login integer,
    last_address text,
    failures integer not null           -- since the last login
);

create table session (
    id integer primary key,
    token_hash blob not null unique,
    person_id integer not null references person (id),
    zone text not null,
    address text not null,
    device text not null,
    second_factor text not null check (second_factor in ('open', 'enroll', 'done', 'none')),
    must_change text,                   -- code of the reason why the password must be changed
    idle integer not null,              -- microseconds without use until it ends
    created integer not null,
    seen integer not null,
    expires integer not null,
    last_login integer,                 -- the login before this one
    failures integer not null,          -- wrong attempts between the two
    ended integer
);
create index session_person on session (person_id, ended);

create table api_token (
    id integer primary key,
    person_id integer not null references person (id),
    name text not null,
    token_hash blob not null unique,
    scopes text not null,               -- actions, with one space between them
    zone text not null,
    created integer not null,
    expires integer not null,
    used integer,
    revoked integer
);
create index api_token_person on api_token (person_id, id);

create table totp (
    person_id integer primary key references person (id),
    secret blob not null,
    created integer not null,
    confirmed integer,
    last_step integer not null          -- the time step of the last code taken: none comes twice
);

create table recovery_code (
    person_id integer not null references person (id),
    hash blob not null,
    used integer,
    primary key (person_id, hash)
);

create table security_key (
    id integer primary key,
    person_id integer not null references person (id),
    name text not null,
    credential blob not null unique,
    algorithm integer not null,         -- of COSE
    public_key blob not null,
    counter integer not null,
    created integer not null,
    used integer,
    removed integer
);
create index security_key_person on security_key (person_id);

-- A challenge that waits for a security key.
create table ceremony (
    session_id integer primary key references session (id),
    challenge blob not null,
    expires integer not null
);
