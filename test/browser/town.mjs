// SPDX-License-Identifier: GPL-3.0-or-later
// A made-up town under test: `sekisho serve --demo` in a folder of its own, its addresses and people.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const SOURCE = process.env.SEKISHO_SOURCE ?? resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const BUILD = process.env.SEKISHO_BUILD ?? join(SOURCE, 'build');
export const SEKISHO = join(BUILD, 'src/command/sekisho');
export const NEW_PASSWORD = 'むらさきの傘と古い時計台 42';
const ZONES = ['mynumber', 'lgwan', 'internet']; // in the order that the demo prints them

const running = new Set(); // servers, which end with this process
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

let untouched; // the folder of a town with its history, which nobody used yet

// Starts a town that nobody used before. zones: name → origin; passwords: login → what works now
// (kimura's is a temporary one).
export async function startTown() {
  if (!untouched) {
    const folder = makeFolder(), town = await startIn(folder);
    await town.stop();
    untouched = folder;
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  const folder = makeFolder();
  cpSync(untouched, folder, { recursive: true });
  const town = await startIn(folder);
  const stop = town.stop;
  town.stop = async () => {
    const code = await stop();
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  return town;
}

const makeFolder = () => mkdtempSync(join(tmpdir(), 'sekisho-browser-'));

async function startIn(folder) {
  const child = spawn(SEKISHO, ['serve', '--demo', '--data', join(folder, 'town')], {
    env: { ...process.env, LC_ALL: 'C.UTF-8', LANG: 'ja' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const town = { folder, directory: join(folder, 'town'), zones: {}, passwords: {}, states: {}, secrets: {}, log: [] };
  running.add(child);
  child.on('exit', () => running.delete(child));
  const ended = new Promise((done) => child.on('exit', (code, signal) => done(code ?? signal)));
  town.stop = async () => {
    child.kill('SIGTERM');
    return ended;
  };
  createInterface({ input: child.stderr }).on('line', (line) => town.log.push(line));
  await readDemo(child, town);
  for (const origin of Object.values(town.zones)) await answers(origin, child, town);
  return town;
}

// Reads what the demo prints until every zone has its address.
function readDemo(child, town) {
  return new Promise((done, failed) => {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const account = line.match(/^\s+(\w+)\t(\S+)\t/);
      const address = line.match(/http:\/\/localhost:\d+/);
      if (account) town.passwords[account[1]] = account[2];
      if (address) town.zones[ZONES[Object.keys(town.zones).length]] = address[0];
      if (Object.keys(town.zones).length === ZONES.length) done();
    });
    lines.on('close', () => failed(new Error('the server ended:\n' + town.log.join('\n'))));
  });
}

async function answers(origin, child, town) {
  for (let tries = 0; tries < 1200 && child.exitCode === null; tries++) {
    try {
      if ((await fetch(origin + '/healthz')).ok) return;
    } catch { /* not listening yet */ }
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`no answer from ${origin}:\n` + town.log.join('\n'));
}
