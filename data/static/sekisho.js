// SPDX-License-Identifier: GPL-3.0-or-later
// Comfort on every page. All of it works without: this file only makes things easier.

// Tables become lists of cards on narrow screens (.stacked in sekisho.css): each cell gets its heading.
export function stackTables(root = document) {
  for (const table of root.querySelectorAll('.table > table')) {
    const heads = [...table.querySelectorAll('thead th')].map((head) => head.textContent.trim());
    if (!heads.length) continue;
    for (const row of table.tBodies[0]?.rows ?? [])
      [...row.cells].forEach((cell, at) => cell.localName === 'td' && heads[at] && (cell.dataset.label = heads[at]));
    table.classList.add('stacked');
  }
}

// A button beside whatever has data-copy="label" data-copied="label afterwards".
export function addCopyButtons(root = document) {
  if (!navigator.clipboard) return;
  for (const shown of root.querySelectorAll('[data-copy]:not([data-ready])')) {
    const button = document.createElement('button');
    shown.dataset.ready = '';
    button.type = 'button';
    button.className = 'small second';
    button.textContent = shown.dataset.copy;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(shown.textContent.trim());
      say(button.textContent = shown.dataset.copied);
    });
    shown.after(' ', button);
  }
}

// Tells a sentence to those who listen to the page.
export function say(sentence) {
  let place = document.getElementById('said');
  if (!place) {
    place = Object.assign(document.createElement('p'), { id: 'said', className: 'unseen' });
    place.setAttribute('aria-live', 'polite');
    document.body.append(place);
  }
  setTimeout(() => (place.textContent = sentence), 100);
}

// Opened menus close with Escape, and when the eye goes elsewhere.
function closeMenus() {
  const close = (but) => document.querySelectorAll('.more[open]').forEach((menu) => !menu.contains(but) && (menu.open = false));
  document.addEventListener('click', (event) => close(event.target));
  document.addEventListener('focusin', (event) => close(event.target));
  document.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' && document.querySelector('.more[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });
}

// What was pressed twice is sent once.
function sendOnce() {
  document.addEventListener('submit', (event) => {
    const now = Date.now(), form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (now - Number(form.dataset.sent ?? 0) < 3000) event.preventDefault();
    else form.dataset.sent = now;
  });
}

// Before the session ends for want of use, a word and a button; after it, where to log in again.
function watchSession() {
  const box = document.getElementById('expiring');
  if (!box) return;
  const limit = Number(box.dataset.seconds), warning = Math.min(180, limit / 2);
  let end = Date.now() + limit * 1000;
  box.querySelector('button').addEventListener('click', async () => {
    const answer = await fetch('/account', { redirect: 'manual' }).catch(() => null);
    if (!answer?.ok) return;
    end = Date.now() + limit * 1000;
    box.hidden = true;
  });
  setInterval(() => {
    const left = (end - Date.now()) / 1000;
    if (left > warning) return;
    box.querySelector('.soon').hidden = left <= 0;
    box.querySelector('.over').hidden = left > 0;
    box.hidden = false;
  }, 5000);
}

stackTables();
addCopyButtons();
closeMenus();
sendOnce();
watchSession();
document.querySelector('main .notice.error')?.focus();
