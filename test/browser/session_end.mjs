// SPDX-License-Identifier: GPL-3.0-or-later
// A session that will end for want of use says so before, and can be gone on with.
import assert from 'node:assert/strict';
import { test } from './suite.mjs';

test('a session about to end warns, and goes on when asked', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { path: '/inbox' });
  const seconds = Number(await page.getAttribute('#expiring', 'data-seconds'));
  assert.ok(seconds > 60 && seconds <= 1800, `${seconds} seconds`);
  await page.clock.install();
  await page.goto('/inbox');
  await page.clock.fastForward((seconds - 100) * 1000);
  await page.waitForSelector('#expiring .soon');
  await visit.keepPicture('session_expiring', page);
  await page.click('#expiring button');
  await page.waitForSelector('#expiring', { state: 'hidden' });
  await page.clock.fastForward((seconds + 10) * 1000);
  await page.waitForSelector('#expiring .over');
  assert.equal(await page.getAttribute('#expiring a', 'href'), '/login');
  await visit.keepPicture('session_over', page);
});
