// SPDX-License-Identifier: GPL-3.0-or-later
// A person who reads English: the pages say everything in it, and the choice stays.
import assert from 'node:assert/strict';
import { sendFiles } from './transfers.mjs';
import { test } from './suite.mjs';

// Letters of Japanese in what the page itself says; names of people, places and files are data.
const OWN = ['h1', 'h2', 'label:not([for^=conduit])', 'button:not([lang])', 'legend', 'thead th', 'dt', '.navigation a', '.hint', 'main > p'];

test('English pages are English throughout', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { language: 'en' });
  await visit.look(page, 'english_home');
  for (const path of ['/', '/send', '/inbox', '/outbox', '/account', '/password']) {
    await page.goto(path);
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    const said = await page.$$eval(OWN.join(','), (all) => all.map((one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('')));
    assert.deepEqual(said.filter((words) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(words)), [], path);
  }
  await sendFiles(page, { purpose: 'answer to the July enquiry' });
  await visit.look(page, 'english_transfer');
});

test('the language that was chosen stays for the next pages', async (visit) => {
  const page = await visit.open('lgwan', { path: '/login' });
  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.goto('/login');
  assert.equal(await page.textContent('h1'), 'Log in');
  await page.getByRole('button', { name: '日本語' }).click();
  assert.equal(await page.getAttribute('html', 'lang'), 'ja');
});
