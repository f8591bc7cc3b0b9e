// SPDX-License-Identifier: GPL-3.0-or-later
// Telephones, magnified pages, forced colours and paper.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE } from './town.mjs';
import { test } from './suite.mjs';

const PAGES = ['/', '/send', '/inbox', '/outbox', '/account'];

test('on a telephone the menu opens, tables are lists and nothing scrolls sideways', async (visit) => {
  const page = await visit.login('lgwan', 'takahashi', { phone: true });
  await page.click('.navigation .phone summary');
  await visit.look(page, 'phone_menu');
  await page.click('.navigation .phone a[href="/people"]');
  await page.waitForURL('**/people');
  await visit.look(page, 'phone_people');
  const label = await page.$eval('td[data-label]', (cell) => getComputedStyle(cell, '::before').content);
  assert.notEqual(label, 'none');
});

test('buttons and links of the menu are large enough for a finger', async (visit) => {
  const page = await visit.login('lgwan', 'sato', { phone: true });
  for (const path of PAGES) {
    await page.goto(path);
    const small = await page.$$eval('button, .navigation summary, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select', (all) =>
      all.filter((one) => one.checkVisibility()).map((one) => ({ html: one.outerHTML.slice(0, 100), high: one.getBoundingClientRect().height })).filter((one) => one.high < 44));
    assert.deepEqual(small, [], path);
  }
});

test('a page at twice its size needs no sideways scrolling', async (visit) => {
  const page = await visit.login('lgwan', 'sato', { viewport: { width: 640, height: 480 }, deviceScaleFactor: 2 });
  for (const path of PAGES) {
    await page.goto(path);
    await visit.look(page, 'double' + path.replaceAll('/', '_'));
  }
});

test('with forced colours the zone, the state and the place in the menu are still told apart', async (visit) => {
  const page = await visit.login('mynumber', 'sato', { forcedColors: 'active' });
  await visit.look(page, 'forced_home');
  const border = await page.$eval('.zone', (zone) => getComputedStyle(zone).borderTopStyle);
  assert.equal(border, 'solid');
  await page.goto('/send');
  await visit.look(page, 'forced_send');
});

// The words of a printed page in the order they were drawn (a cell that wraps stays in one piece), and what pdfinfo says of it.
async function print(page, name) {
  const folder = join(SOURCE, 'out/screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name + '.pdf');
  writeFileSync(path, await page.pdf({ preferCSSPageSize: true }));
  return { path, text: execFileSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8' }), info: execFileSync('pdfinfo', [path], { encoding: 'utf8' }) };
}

test('paper is A4, names the zone, and cuts no table', async (visit) => {
  const page = await visit.login('lgwan', 'takahashi');
  for (const path of ['/people', '/journal']) {
    await page.goto(path);
    const shown = await page.$$eval('tbody tr', (rows) => rows.slice(0, 5).map((row) => [...row.cells].map((cell) => cell.textContent.trim()).filter(Boolean)));
    const { text, info } = await print(page, 'print' + path.replaceAll('/', '_'));
    assert.match(info, /Page size: +59[456][.\d]* x 84[12][.\d]* pts \(A4\)/);
    assert.match(text, /LGWAN接続系/);
    assert.doesNotMatch(text, /ログアウト|最初のページ/);
    const flat = text.replaceAll(/\s/g, '');
    for (const cell of shown.flat()) assert.ok(cell.length > 12 || flat.includes(cell.replaceAll(/\s/g, '')), `${path} lost ${cell}`);
  }
});
