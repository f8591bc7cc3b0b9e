// SPDX-License-Identifier: GPL-3.0-or-later
// The journal as an auditor reads it: names and sentences, searched by either, with the entry itself.
import assert from 'node:assert/strict';
import { test } from './suite.mjs';

test('the journal is read and searched in words', async (visit) => {
  const page = await visit.login('lgwan', 'ito', { path: '/journal' });
  await page.fill('#actor', '伊藤');
  await page.fill('#action', 'ログインした');
  await page.click('.search button');
  const rows = await page.$$eval('tbody tr', (all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.equal(row[2], '伊藤 直子');
    assert.equal(row[3], 'ログインした');
  }
  await visit.look(page, 'journal_search');
  await page.click('tbody a');
  assert.match(await page.textContent('.facts'), /伊藤 直子/);
  assert.match(await page.textContent('#raw + .facts'), /login\.accept/);
  await visit.look(page, 'journal_entry');
  await page.goto('/journal?action=transfer.accept');
  assert.ok(await page.locator('tbody tr').count(), 'codes are found too');
});
