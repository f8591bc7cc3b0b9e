// SPDX-License-Identifier: GPL-3.0-or-later
// Every page that a role can reach, in both languages, with scripts and without: fit by axe-core,
// not wider than a phone, nothing that the browser complains about. Pages are found as people find
// them, by their links.
import assert from 'node:assert/strict';
import { NO_PAGE, patternOf } from './routes.mjs';
import { test } from './suite.mjs';

const ROLES = { staff: 'tanaka', section_manager: 'sato', system_manager: 'takahashi', auditor: 'ito' };
// Opens a path; null when it is a file to take away.
async function open(page, path) {
  try {
    return await page.goto(path);
  } catch (error) {
    if (/Download is starting/.test(error.message)) return null;
    throw error;
  }
}

// Walks from the first page; one page of each pattern. look(name) judges it.
async function walk(page, look) {
  const waiting = ['/'], found = new Set();
  while (waiting.length) {
    const path = waiting.shift(), pattern = patternOf(path);
    if (found.has(pattern) || NO_PAGE.test(pattern)) continue;
    found.add(pattern);
    const answer = await open(page, path);
    if (!answer) continue;
    assert.equal(answer.status(), 200, `${path} is linked and must open`);
    await look(pattern.replaceAll(/\W+/g, '_'));
    waiting.push(...await page.$$eval('a[href^="/"]', (links) => links.map((link) => link.getAttribute('href'))));
  }
}

// Each language with scripts on a desk, and without on a telephone; the long run does the other way
// round as well. axe-core judges the first way for every role, the others once for each page.
const WAYS = [['ja', false], ['en', true]];
if (process.env.SEKISHO_LONG) WAYS.push(['en', false], ['ja', true]);

for (const [at, [language, plain]] of WAYS.entries()) {
  const judged = new Set();
  for (const [role, login] of Object.entries(ROLES))
    test(`every page is fit for ${role} in ${language}, ${plain ? 'without scripts on a telephone' : 'with scripts'}`, async (visit) => {
      const page = await visit.login('lgwan', login, { language, plain, phone: plain });
      await walk(page, (name) => {
        const known = at > 0 && judged.has(name);
        judged.add(name);
        return visit[known ? 'glance' : 'look'](page, `${role}_${language}${name}`);
      });
    }, { looks: true });
}
