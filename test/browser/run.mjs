// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the specs named in the arguments (all of this folder when none is) in Debian's Chromium.
// usage: node run.mjs [-t PART-OF-A-TEST'S-NAME] [SPEC.mjs ...]
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const HELPERS = ['routes.mjs', 'run.mjs', 'suite.mjs', 'totp.mjs', 'town.mjs', 'transfers.mjs', 'visit.mjs'];

function absent() {
  if (!existsSync(join(FOLDER, '../../node_modules/playwright-core'))) return 'npm ci was not run';
  if (!existsSync('/usr/bin/chromium')) return 'chromium is absent';
  return '';
}

const missing = absent();
if (missing && process.env.CI === 'true') {
  console.log(`1..1\nnot ok 1 - browser: ${missing}, and CI needs it`);
  process.exit(1);
} else if (missing) {
  console.log(`1..0 # SKIP ${missing}`);
} else {
  const words = process.argv.slice(2);
  const chosen = words[0] === '-t' ? words.splice(0, 2)[1] : undefined;
  const specs = words.length ? words.map((word) => resolve(word))
    : readdirSync(FOLDER).filter((name) => name.endsWith('.mjs') && !HELPERS.includes(name)).sort().map((name) => join(FOLDER, name));
  for (const spec of specs) await import(spec);
  const { runAll } = await import('./suite.mjs');
  process.exit(await runAll('/usr/bin/chromium', chosen) ? 1 : 0);
}
