// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody who uses no mouse: logs in, sends a file and follows it, by Tab, Space, Enter and arrows.
import assert from 'node:assert/strict';
import { test } from './suite.mjs';

// Presses Tab until the focus is on an element; each stop on the way must be in sight.
async function tabTo(page, selector) {
  for (let pressed = 0; pressed < 80; pressed++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate((wanted) => {
      const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
      return { there: at.matches(wanted), html: at.outerHTML.slice(0, 120), marked: style.outlineStyle !== 'none', wide: box.width };
    }, selector);
    assert.ok(stop.marked && stop.wide > 0, `the focus is not to be seen on ${stop.html}`);
    if (stop.there) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
}

test('a file is sent without a mouse', async (visit) => {
  const page = await visit.login('internet', 'tanaka');
  page.on('filechooser', (chooser) => chooser.setFiles([{ name: 'お知らせ.txt', mimeType: 'text/plain', buffer: Buffer.from('点検のお知らせ\n') }]));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter'); // the link that jumps over the head
  assert.equal(await page.evaluate(() => location.hash), '#main');
  await tabTo(page, '.doors a[href="/send"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/send');
  await tabTo(page, '[name=conduit]');
  await page.keyboard.press('Space');
  await tabTo(page, '#purpose');
  await page.keyboard.type('照会への回答');
  await tabTo(page, '#classification');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, '#personal-no');
  await page.keyboard.press('Space');
  await tabTo(page, '#files');
  await page.keyboard.press('Space');
  await page.waitForSelector('.files .name');
  await tabTo(page, '#send .actions button');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/outbox\/\d+$/);
});

test('the menu of administration opens and closes by keys', async (visit) => {
  const page = await visit.login('lgwan', 'takahashi');
  await tabTo(page, '.more summary');
  await page.keyboard.press('Enter');
  await tabTo(page, '.more a[href="/people"]');
  await page.keyboard.press('Escape');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.more summary') && !document.querySelector('.more').open));
});
