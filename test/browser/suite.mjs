// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the tests of all specs over one browser and prints TAP. A spec registers its tests with
// test(name, function); each gets a Visit, closed afterwards whatever happened.
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startTown } from './town.mjs';
import { Visit } from './visit.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const tests = [];

// A test: its name says the behaviour; own: true gives it a town that nobody used before; looks:
// true says that it changes nothing, so that its neighbour of that kind may run at the same time.
export function test(name, run, { own = false, looks = false } = {}) {
  tests.push({ name, run, own, looks });
}

// How many tests from the place on run together.
function together(wanted, at) {
  return wanted[at].looks && wanted[at + 1]?.looks ? 2 : 1;
}

export async function runAll(executable, chosen) {
  const wanted = tests.filter((one) => !chosen || one.name.includes(chosen));
  const profile = mkdtempSync(join(tmpdir(), 'sekisho-chromium-'));
  const browser = await chromium.launch({ executablePath: executable, args: FLAGS, env: { ...process.env, HOME: profile } });
  let town, failed = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  console.log(`1..${wanted.length}`);
  try {
    for (let at = 0; at < wanted.length;) {
      const now = wanted.slice(at, at + together(wanted, at));
      if (!now[0].own) town ??= await startTown();
      const problems = await Promise.all(now.map(async (one) => runOne(browser, one, one.own ? await startTown() : town)));
      for (const problem of problems) {
        if (problem) failed++;
        console.log(`${problem ? 'not ok' : 'ok'} ${at + 1} - ${wanted[at++].name}`);
        for (const line of problem ? problem.split('\n') : []) console.log('# ' + line);
      }
    }
  } finally {
    await browser.close();
    await town?.stop();
    rmSync(profile, { recursive: true, force: true });
  }
  return failed;
}

// What went wrong, in words; '' when nothing did.
async function runOne(browser, one, town) {
  const visit = new Visit(browser, town);
  const started = Date.now();
  let problem = '';
  try {
    await one.run(visit);
    visit.wasClean();
  } catch (error) {
    await visit.keepPicture(one.name.replaceAll(/\W/g, '_'));
    problem = `${error.stack ?? error}`.replaceAll(/\u001b\[\d+m/g, '');
  }
  await visit.close();
  if (one.own) await town.stop();
  if (process.env.SEKISHO_BROWSER_TIMES) console.log(`# ${one.name}: ${Date.now() - started} ms`);
  return problem;
}
