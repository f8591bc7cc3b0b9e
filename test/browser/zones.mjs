// SPDX-License-Identifier: GPL-3.0-or-later
// An administrator adds a zone, reads what else has to be done, gives it another name and closes it.
import assert from 'node:assert/strict';
import { test } from './suite.mjs';

test('a zone is added, renamed and closed from its page', async (visit) => {
  const page = await visit.login('lgwan', 'takahashi', { path: '/zones' });
  await page.click('a[href="/zones/new"]');
  await visit.look(page, 'zone_new');
  await page.fill('#id', 'lgwan');
  await page.fill('#name', '出先機関系');
  await page.fill('#level', '1');
  await page.fill('#reason', '支所の通信網を加える');
  await page.click('main button');
  assert.match(await page.textContent('#id-error'), /もうあります/);
  assert.equal(await page.inputValue('#name'), '出先機関系', 'what was typed stays');
  await page.fill('#id', 'branch');
  await page.click('main button');
  assert.match(await page.textContent('#steps'), /使えるようにする/);
  assert.match(await page.textContent('main'), /\[zone branch\]/);
  await visit.look(page, 'zone_added');
  await page.fill('#name', '支所系');
  await page.fill('#reason', '呼び名に合わせる');
  await page.click('form[action="/zones/zone/branch"] button');
  assert.match(await page.textContent('dl.facts'), /支所系/);
  await page.fill('#switch_reason', '支所を廃止');
  await page.click('form[action="/zones/close/branch"] button');
  assert.match(await page.textContent('dl.facts'), /閉じた/);
  await visit.look(page, 'zone_closed');
  await page.goto('/zones');
  await visit.look(page, 'zones_with_closed');
  await page.goto('/zones/zone/internet');
  assert.equal(await page.locator('form[action="/zones/close/internet"]').count(), 0, 'a used zone has no button');
  await visit.look(page, 'zone_used');
}, { own: true });
