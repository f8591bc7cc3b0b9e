// SPDX-License-Identifier: GPL-3.0-or-later
// The zone for personal numbers asks for a second proof: an authenticator's digits, or a code from
// the drawer.
import assert from 'node:assert/strict';
import { totp } from './totp.mjs';
import { test } from './suite.mjs';

test('an authenticator is registered from its secret and asked for at the next login', async (visit) => {
  const page = await visit.open('mynumber', { path: '/login' });
  await page.fill('#login', 'suzuki');
  await page.fill('#password', visit.town.passwords.suzuki);
  await page.click('main button');
  await page.waitForURL('**/account');
  await visit.look(page, 'account_must_enroll');
  await page.click('form[action="/account/totp"] button');
  const secret = (await page.textContent('code')).trim();
  await visit.look(page, 'totp');
  await page.fill('#code', '000000');
  await page.click('main button');
  await page.waitForSelector('#code-error');
  await page.goto('/account');
  await page.click('form[action="/account/totp"] button');
  const second = (await page.textContent('code')).trim();
  assert.notEqual(second, secret, 'a new try has a new secret');
  await page.fill('#code', totp(second));
  await page.click('main button');
  await page.waitForURL(/\/account(\?|$)/);
  await page.click('form[action="/account/recovery"] button');
  await visit.look(page, 'recovery_codes');
  const [spare] = await page.$$eval('.codes code', (codes) => codes.map((code) => code.textContent));
  await page.click('form[action="/logout"] button');

  await enter(page, visit);
  await visit.look(page, 'second');
  await page.fill('#code', totp(second, Date.now() + 30000));
  await page.click('form[action="/login/second"] button');
  await page.waitForSelector('#today');
  await page.click('form[action="/logout"] button');

  await enter(page, visit);
  await page.fill('#code', spare);
  await page.click('form[action="/login/second"] button');
  await page.waitForSelector('#today');
  await page.click('form[action="/logout"] button');
  await enter(page, visit);
  await page.fill('#code', spare);
  await page.click('form[action="/login/second"] button');
  await page.waitForSelector('#code-error');
}, { own: true });

async function enter(page, visit) {
  await page.fill('#login', 'suzuki');
  await page.fill('#password', visit.town.passwords.suzuki);
  await page.click('main button');
  await page.waitForURL('**/login/second');
}
