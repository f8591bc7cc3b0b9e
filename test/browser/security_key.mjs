// SPDX-License-Identifier: GPL-3.0-or-later
// A security key, as Chromium's virtual authenticator plays one: registered, shown at the next login,
// taken away. Browsers trust http://localhost as they do https; a key is never bound to 127.0.0.1.
import assert from 'node:assert/strict';
import { test } from './suite.mjs';

// Plugs a key in that is touched at once.
async function plugIn(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send('WebAuthn.enable');
  await wire.send('WebAuthn.addVirtualAuthenticator', { options: {
    protocol: 'ctap2', transport: 'usb', hasUserVerification: false, isUserVerified: false, automaticPresenceSimulation: true } });
}

test('a security key is registered, shown at the next login and taken away', async (visit) => {
  const baseURL = visit.town.zones.internet;
  const page = await visit.open('internet', { path: '/login', baseURL });
  await visit.enter(page, 'tanaka');
  await plugIn(page);
  await page.goto('/account');
  await page.fill('#key_name', '青いキー');
  await page.click('form[action="/account/keys"] button');
  await page.waitForURL('**/account?done=key_added');
  assert.match(await page.textContent('main'), /青いキー/);
  await visit.look(page, 'account_key');

  await page.click('form[action="/logout"] button');
  await page.fill('#login', 'tanaka');
  await page.fill('#password', visit.town.passwords.tanaka);
  await page.click('main button');
  await page.waitForURL('**/login/second');
  await visit.look(page, 'second_key');
  await page.goto('/inbox');
  assert.match(page.url(), /\/login\/second$/, 'nothing opens before the key was shown');
  await page.click('form[action="/login/key"] button');
  await page.waitForSelector('#today');

  await page.goto('/account');
  await page.click('form[action$="/remove"] button');
  await page.waitForURL('**/account?done=key_removed');
  await page.click('form[action="/logout"] button');
  await page.fill('#login', 'tanaka');
  await page.fill('#password', visit.town.passwords.tanaka);
  await page.click('main button');
  await page.waitForSelector('#today');
}, { own: true });

test('without script and under an address the page says how keys can be used', async (visit) => {
  const page = await visit.open('internet', { path: '/login', baseURL: visit.town.zones.internet.replace('localhost', '127.0.0.1') });
  await visit.enter(page, 'tanaka');
  await page.goto('/account');
  assert.match(await page.textContent('main'), /http:\/\/localhost:\d+/);
  const plain = await visit.open('internet', { path: '/login', script: false, baseURL: visit.town.zones.internet });
  await visit.enter(plain, 'tanaka');
  await plain.goto('/account');
  assert.match(await plain.textContent('noscript'), /JavaScript/);
  await plain.fill('#key_name', 'x');
  await plain.click('form[action="/account/keys"] button');
  await plain.waitForSelector('#key_name-error');
});
