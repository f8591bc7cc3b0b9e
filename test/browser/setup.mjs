// SPDX-License-Identifier: GPL-3.0-or-later
// A new text of the policy is read and followed step by step; until the last step nothing changes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE } from './town.mjs';
import { test } from './suite.mjs';

test('the steps from the text of a policy to its settings are fit to be used', async (visit) => {
  const page = await visit.login('lgwan', 'takahashi', { path: '/setup/upload' });
  await visit.look(page, 'setup_upload');
  const text = readFileSync(join(SOURCE, 'data/sample/policy.txt'), 'utf8') + '\n・端末を机の上に置いたままにしないこと。\n';
  await page.setInputFiles('input[type=file]', { name: 'ポリシー改正案.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await page.locator('form[enctype] button').click();
  await page.waitForURL(/\/setup\/\d+\/understood/);
  const draft = new URL(page.url()).pathname.replace(/\/understood$/, '');
  for (const step of ['understood', 'correct', 'people', 'open']) {
    await page.goto(`${draft}/${step}`);
    assert.ok(await page.locator('h1').count());
    await visit.look(page, 'setup_' + step);
  }
  await page.goto(`/policy/versions/${draft.split('/').at(-1)}/compare`);
  await visit.look(page, 'policy_compare');
}, { own: true });
