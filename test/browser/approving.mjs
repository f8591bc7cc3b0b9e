// SPDX-License-Identifier: GPL-3.0-or-later
// What needs an approval waits for one, by mouse or by keys; held files wait for their passwords.
import assert from 'node:assert/strict';
import { sendFiles, waitForState } from './transfers.mjs';
import { test } from './suite.mjs';

const OUT = { destination: 'インターネット', label: 'Ⅱ' };

test('a transfer outwards is approved and picked up on the other side', async (visit) => {
  const sender = await visit.login('lgwan', 'tanaka');
  await sendFiles(sender, { ...OUT, to: '鈴木 一郎', purpose: '県への報告' });
  await waitForState(sender, '承認待ち');
  await visit.look(sender, 'transfer_pending');
  const asked = await visit.login('lgwan', 'tanaka', { phone: true, path: '/requests' });
  await visit.look(asked, 'requests_phone');

  const approver = await visit.login('lgwan', 'sato');
  await visit.look(approver, 'home_approver');
  await approver.click('.tasks a[href="/approvals"]');
  await visit.look(approver, 'approvals');
  await approver.getByRole('link', { name: '県への報告' }).click();
  await visit.look(approver, 'approval');
  await approver.getByRole('button', { name: '承認する', exact: true }).click();
  await approver.waitForSelector('.notice.done');
  await visit.look(approver, 'approval_done');
  await waitForState(sender, '受け取れます');
  await sender.locator('#said', { hasText: '受け取れます' }).waitFor({ state: 'attached' }); // told to those who listen

  const receiver = await visit.login('internet', 'suzuki', { path: '/inbox' });
  await receiver.getByRole('link', { name: '県への報告' }).click();
  const [download] = await Promise.all([receiver.waitForEvent('download'), receiver.locator('#items tbody a').first().click()]);
  assert.equal(download.suggestedFilename(), 'お知らせ.txt');
});

test('a refusal needs its reason, and the sender reads it', async (visit) => {
  const sender = await visit.login('lgwan', 'tanaka');
  const path = await sendFiles(sender, { ...OUT, purpose: '宛先の確認が要るもの' });
  await waitForState(sender, '承認待ち');
  const approver = await visit.login('lgwan', 'sato', { path: '/approvals' });
  await approver.getByRole('link', { name: '宛先の確認が要るもの' }).click();
  await approver.getByRole('button', { name: '承認しない', exact: true }).click();
  await approver.waitForSelector('#reason-error');
  await visit.look(approver, 'approval_reason_missing');
  await approver.fill('#reason', 'あて先が庁外の個人のため');
  await approver.getByRole('button', { name: '承認しない', exact: true }).click();
  await approver.waitForURL('**/approvals*');
  await sender.goto(path);
  await waitForState(sender, '移せませんでした', { reload: true });
  assert.match(await sender.textContent('#timeline'), /あて先が庁外の個人のため/);
});

test('an approval is given without a mouse', async (visit) => {
  const sender = await visit.login('lgwan', 'tanaka');
  await sendFiles(sender, { ...OUT, purpose: '鍵盤での承認' });
  await waitForState(sender, '承認待ち');
  const page = await visit.login('lgwan', 'sato', { path: '/approvals' });
  const tabTo = async (name) => {
    for (let pressed = 0; pressed < 120; pressed++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((wanted) => document.activeElement.textContent.trim() === wanted, name)) return;
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await tabTo('鍵盤での承認');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/approvals\/\d+$/);
  await tabTo('承認する');
  await page.keyboard.press('Enter');
  await waitForState(sender, '受け取れます');
});

test('nobody is offered to approve what they sent themselves', async (visit) => {
  const page = await visit.login('lgwan', 'sato');
  await sendFiles(page, { ...OUT, purpose: '課長自身の受渡し' });
  await waitForState(page, '承認待ち');
  await page.goto('/approvals');
  assert.equal(await page.getByText('課長自身の受渡し').count(), 0);
});

test('a file with a password waits for it, and goes on once it has it', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { path: '/outbox' });
  await page.locator('tr', { hasText: 'パスワード待ち' }).locator('a').first().click();
  await visit.look(page, 'transfer_held');
  for (const [name, password] of [['見積書.zip', 'みほん2022'], ['協定書.docx', 'みほん2024']]) {
    const field = page.getByLabel(`「${name}」のパスワード`);
    if (!await field.count()) continue;
    await field.fill(password);
    await page.locator('form', { has: field }).locator('button').click();
  }
  await waitForState(page, '受け取れます', { reload: true });
});
