-- SPDX-License-Identifier: GPL-3.0-or-later
-- The number of the journal's entry that names the digest of a file's receipt (record.h).

alter table transfer_item add column entry integer;
