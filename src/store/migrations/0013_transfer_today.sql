-- SPDX-License-Identifier: GPL-3.0-or-later
-- The first page counts what waits for somebody, however many transfers they have behind them.

create index transfer_held on transfer (sender_id, source, state);
create index transfer_recipient_waiting on transfer_recipient (person_id, picked_up, transfer_id);
