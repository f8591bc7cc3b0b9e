// SPDX-License-Identifier: GPL-3.0-or-later
// Every page that a role can reach, in both languages, with scripts and without: fit by axe-core,
// not wider than a phone, nothing that the browser complains about. Pages are found as people find
// them, by their links; the table of routes says whether one was left out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE } from './town.mjs';
import { test } from './suite.mjs';

const ROLES = { staff: 'tanaka', section_manager: 'sato', system_manager: 'takahashi', auditor: 'ito' };
// What is no page: files to take away, answers for programs. And pages that a session owes or lost.
const NO_PAGE = /^\/(static|healthz|api)|\/items\/|\/(proof|state|export|pdf)$|^\/login|^\/password$|\.(pdf|json|xlsx|csv|zip|yaml)$/;
const seen = new Set();

function patternOf(path) {
  return path.split('?')[0].replaceAll(/\/\d+(?=\/|$)/g, '/{}');
}

function routes() {
  const table = readFileSync(join(SOURCE, 'src/web/routes.c'), 'utf8');
  return [...table.matchAll(/\{"([^"]+)",\s*"GET"/g)].map((route) => route[1]).filter((pattern) => !NO_PAGE.test(pattern));
}

// Walks from the first page; one page of each pattern. look(page, pattern) judges it.
async function walk(page, look) {
  const waiting = ['/'], found = new Set();
  while (waiting.length) {
    const path = waiting.shift(), pattern = patternOf(path);
    if (found.has(pattern) || NO_PAGE.test(pattern)) continue;
    found.add(pattern);
    const answer = await page.goto(path);
    assert.equal(answer.status(), 200, `${path} is linked and must open`);
    await look(page, pattern);
    waiting.push(...await page.$$eval('a[href^="/"]', (links) => links.map((link) => link.getAttribute('href'))));
  }
  return found;
}

for (const [role, login] of Object.entries(ROLES))
  for (const language of ['ja', 'en'])
    test(`every page is fit for ${role} in ${language}`, async (visit) => {
      const page = await visit.login('lgwan', login, { language });
      const plain = await visit.login('lgwan', login, { language, plain: true, phone: true });
      const found = await walk(page, async (_, pattern) => {
        const name = `${role}_${language}${pattern.replaceAll(/\W+/g, '_')}`;
        await plain.goto(page.url());
        await Promise.all([visit.look(page, name), visit.look(plain, name + '_phone')]);
      });
      found.forEach((pattern) => seen.add(pattern));
    });

test('no page of the table of routes was left out', async () => {
  assert.deepEqual(routes().filter((pattern) => !seen.has(pattern)), []);
});
