// SPDX-License-Identifier: GPL-3.0-or-later
// Nobody who may approve can be reached: the file is delivered for a reason, the approval is owed.
import { execFileSync } from 'node:child_process';
import { SEKISHO } from './town.mjs';
import { sendFiles, waitForState } from './transfers.mjs';
import { test } from './suite.mjs';

function user(town, verb, login, reason) {
  execFileSync(SEKISHO, ['user', verb, town.directory, login, '--reason', reason], { stdio: 'ignore' });
}

test('at night a file is delivered with a reason, and approved afterwards', async (visit) => {
  const approvers = ['sato', 'nakamura', 'takahashi', 'fujita', 'ogawa']; // the head, the deputy, and who comes after them
  const page = await visit.login('lgwan', 'tanaka');
  for (const login of approvers) user(visit.town, 'suspend', login, '不在');
  await sendFiles(page, { destination: 'インターネット', label: 'Ⅱ', purpose: '夜間の緊急連絡' });
  await waitForState(page, '承認待ち', { reload: true });
  await page.reload();
  await visit.look(page, 'emergency_offered');
  await page.fill('#emergency', '断水のお知らせを今夜中に出すため');
  await page.click('#emergency-offer button');
  await waitForState(page, '受け取れます', { reload: true });
  await visit.look(page, 'emergency_delivered');

  for (const login of approvers) user(visit.town, 'resume', login, '復帰');
  // with every account suspended the approval is owed by the last of the chain
  const approver = await visit.login('lgwan', 'ogawa', { path: '/approvals' });
  await approver.getByText('緊急・事後承認').first().waitFor();
  await visit.look(approver, 'emergency_owed');
  await approver.getByRole('link', { name: '夜間の緊急連絡' }).first().click();
  await approver.fill('#reason', '断水の連絡であり、妥当と認める');
  await approver.getByRole('button', { name: '承認する', exact: true }).click();
  await approver.waitForSelector('.notice.done');
}, { own: true });
