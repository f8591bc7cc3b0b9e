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

// A test: its name says the behaviour; own: true gives it a town that nobody used before.
export function test(name, run, { own = false } = {}) {
  tests.push({ name, run, own });
}

export async function runAll(executable, chosen) {
  const wanted = tests.filter((one) => !chosen || one.name.includes(chosen));
  const profile = mkdtempSync(join(tmpdir(), 'sekisho-chromium-'));
  const browser = await chromium.launch({ executablePath: executable, args: FLAGS, env: { ...process.env, HOME: profile } });
  let town, failed = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  console.log(`1..${wanted.length}`);
  try {
    for (const [at, one] of wanted.entries()) {
      if (!one.own) town ??= await startTown();
      const problem = await runOne(browser, one, one.own ? await startTown() : town);
      if (problem) failed++;
      console.log(`${problem ? 'not ok' : 'ok'} ${at + 1} - ${one.name}`);
      for (const line of problem ? problem.split('\n') : []) console.log('# ' + line);
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
