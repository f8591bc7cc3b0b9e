-- SPDX-License-Identifier: GPL-3.0-or-later
-- What antivirus said of a transfer: '' not asked yet, 'clean', 'absent' when a part of it passed
-- without, since the scanner was away and is not demanded.

alter table transfer add column scan text not null default '' check (scan in ('', 'clean', 'absent'));
