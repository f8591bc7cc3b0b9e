// SPDX-License-Identifier: GPL-3.0-or-later
// The state of a transfer without reloading: asks now and then, and when something changed takes the
// parts marked data-live out of the page anew. Asking keeps no session alive.
import { addCopyButtons, say, stackTables } from './sekisho.js';

const PAUSES = [1, 1, 1, 2, 2, 3, 5, 8, 10, 15]; // seconds; the last one goes on

const live = document.querySelector('[data-state]');
let asked = 0, known = '', told = live?.querySelector('.badge').textContent;

// True when it could.
async function renew() {
  const answer = await fetch(location.href, { redirect: 'manual' }).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(part.id);
    if (!fresh) part.remove();
    else if (!part.querySelector('form')?.contains(document.activeElement)) part.replaceWith(document.adoptNode(fresh));
  }
  stackTables();
  addCopyButtons();
  return true;
}

async function ask() {
  if (document.hidden) return later();
  const answer = await fetch(live.dataset.state, { redirect: 'manual' }).catch(() => null);
  if (answer && !answer.ok) return; // logged out, or gone: the page stays as it is
  const text = await answer?.text();
  if (!text) return later();
  const news = JSON.parse(text);
  if (known ? text !== known : news.text !== told) {
    asked = 0;
    if (!await renew()) return later();
    if (news.text !== told) say(`${told = news.text} ${news.why}`);
  }
  known = text;
  if (!news.ended) later();
}

function later() {
  setTimeout(ask, PAUSES[Math.min(asked++, PAUSES.length - 1)] * 1000);
}

if (live) later();
