// SPDX-License-Identifier: GPL-3.0-or-later
// The first morning: a temporary password, a new one, and the first page.
import assert from 'node:assert/strict';
import { NEW_PASSWORD } from './town.mjs';
import { test } from './suite.mjs';

test('a temporary password must be changed before anything else', async (visit) => {
  const page = await visit.open('internet');
  await visit.look(page, 'login');
  await page.fill('#login', 'kimura');
  await page.fill('#password', visit.town.passwords.kimura);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/password');
  await visit.look(page, 'password_first');
  await page.goto('/inbox');
  assert.match(page.url(), /\/password$/, 'nothing else opens before');
  await page.fill('#present', visit.town.passwords.kimura);
  await page.fill('#wanted', 'みじかい');
  await page.fill('#again', 'みじかい');
  await page.click('main button');
  await page.waitForSelector('#wanted-error');
  await visit.look(page, 'password_short');
  assert.equal(await page.getAttribute('#wanted', 'aria-invalid'), 'true');
  await page.fill('#present', visit.town.passwords.kimura);
  await page.fill('#wanted', NEW_PASSWORD);
  await page.fill('#again', NEW_PASSWORD);
  await page.click('main button');
  await page.waitForSelector('#today');
  await visit.look(page, 'home_first');
}, { own: true });

test('a wrong password is told without saying which part was wrong', async (visit) => {
  const page = await visit.open('internet', { path: '/login' });
  await page.fill('#login', 'nobody');
  await page.fill('#password', 'x');
  await page.click('main button');
  await page.waitForSelector('#login-error');
  assert.equal(await page.inputValue('#login'), 'nobody');
  await visit.look(page, 'login_wrong');
});
