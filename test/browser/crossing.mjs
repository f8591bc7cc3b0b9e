// SPDX-License-Identifier: GPL-3.0-or-later
// A file goes from one network to the next, with scripts and without; what cannot be made safe stays.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sendFiles, waitForState } from './transfers.mjs';
import { test } from './suite.mjs';

test('a file sent on the internet side is picked up on the LGWAN side, the page following by itself', async (visit) => {
  const outside = await visit.login('internet', 'tanaka');
  const path = await sendFiles(outside, { to: 'suzuki', purpose: '点検の日程' });
  await waitForState(outside, '受け取れます');
  await visit.look(outside, 'transfer_ready_sender');

  const inside = await visit.login('lgwan', 'suzuki');
  await visit.look(inside, 'home_with_tasks');
  await inside.click('.tasks a[href="/inbox"]');
  await inside.getByRole('link', { name: '点検の日程' }).click();
  await visit.look(inside, 'transfer_ready_recipient');
  const [download] = await Promise.all([inside.waitForEvent('download'), inside.getByRole('link', { name: 'お知らせ.txt' }).click()]);
  assert.equal(download.suggestedFilename(), 'お知らせ.txt');
  assert.equal(readFileSync(await download.path(), 'utf8'), '庁舎の電気設備点検のお知らせ\n');
  await outside.goto(path);
  await waitForState(outside, '受領済み');
});

test('without scripts the same is done', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { script: false });
  await visit.login('lgwan', 'tanaka');
  await sendFiles(page, { purpose: '台本なしの受渡し' });
  await waitForState(page, '受け取れます', { reload: true });
});

test('a file that cannot be made safe is refused with a sentence that says what to do', async (visit) => {
  const page = await visit.login('internet', 'tanaka');
  await sendFiles(page, { purpose: '納品物', files: [{ name: '納品.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ\x90\x00'.padEnd(600, '\0')) }] });
  await waitForState(page, '移せませんでした');
  await visit.look(page, 'transfer_refused');
  assert.match(await page.textContent('#items'), /。/, 'a whole sentence');
});

test('what was sent by mistake is taken back before anybody opens it', async (visit) => {
  const page = await visit.login('internet', 'tanaka');
  await sendFiles(page, { to: 'suzuki', purpose: 'あて先違い' });
  await waitForState(page, '受け取れます');
  await page.fill('#reason', 'あて先を間違えたため');
  await page.click('#recall button');
  await waitForState(page, '取り消');
  await visit.look(page, 'transfer_recalled');
});
