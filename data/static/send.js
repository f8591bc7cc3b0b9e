// SPDX-License-Identifier: GPL-3.0-or-later
// Sending: files by drag and drop, checked against the limits of the way before they go, with
// progress and a way to stop. Without this file the plain form does the same.
import { say } from './sekisho.js';

const KIND = /\.([^.]+)$/;
const SAME = { jpg: 'jpeg', tif: 'tiff', txt: 'text', htm: 'html', log: 'text' }; // endings that are not the kind's name
let files = [];    // what was chosen, in order
let under = null;  // the request that is under way

// "1.5 MB", as the server writes sizes.
export function human(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  let shown = bytes / 1024, unit = 0;
  for (; shown >= 999.5 && unit < 3; unit++) shown /= 1024;
  return `${shown < 9.95 ? shown.toFixed(1) : Math.round(shown)} ${['KB', 'MB', 'GB', 'TB'][unit]}`;
}

// Texts stand in data-word-… of the form, with %names%.
function fill(text, values) {
  return text.replaceAll(/%(\w+)%/g, (all, name) => values[name] ?? all);
}

function make(name, className, text = '') {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

// The limits of the way that is chosen; without one, none.
function limits(form) {
  const way = form.querySelector('[name=conduit]:checked');
  return { size: Number(way?.dataset.size ?? Infinity), items: Number(way?.dataset.items ?? Infinity), types: way?.dataset.types || '' };
}

// What is wrong with a file, in words; '' when nothing is.
function fault(form, file) {
  const { size, types } = limits(form), words = form.dataset;
  const kind = file.name.match(KIND)?.[1].toLowerCase();
  if (file.size > size) return fill(words.wordLarge, { most: human(size) });
  if (file.size === 0) return words.wordEmpty;
  if (types && !types.split(' ').includes(SAME[kind] ?? kind)) return fill(words.wordKind, { types });
  return '';
}

function row(form, file, at) {
  const item = document.createElement('li');
  const wrong = fault(form, file);
  item.append(make('span', 'name', file.name), make('span', 'size', human(file.size)));
  if (under) {
    const bar = Object.assign(make('progress', ''), { max: file.size || 1, value: 0 });
    bar.setAttribute('aria-label', file.name);
    item.append(bar);
  } else {
    const remove = Object.assign(make('button', 'small second', form.dataset.wordRemove), { type: 'button' });
    remove.setAttribute('aria-label', `${form.dataset.wordRemove}: ${file.name}`);
    remove.addEventListener('click', () => {
      files.splice(at, 1);
      show(form);
      form.querySelector('#files').focus();
    });
    item.append(remove);
  }
  if (wrong) item.append(make('p', 'wrong', wrong));
  return item;
}

function show(form) {
  const list = form.querySelector('.files'), total = files.reduce((sum, file) => sum + file.size, 0);
  list.replaceChildren(...files.map((file, at) => row(form, file, at)));
  form.querySelector('.total').textContent = files.length ? fill(form.dataset.wordTotal, { count: files.length, size: human(total) }) : '';
  form.querySelector('#files').required = !files.length;
}

function add(form, more) {
  for (const file of more)
    if (!files.some((have) => have.name === file.name && have.size === file.size && have.lastModified === file.lastModified)) files.push(file);
  show(form);
  say(form.querySelector('.total').textContent);
}

// Everything that can be said before a byte is sent.
function complaint(form) {
  const { items } = limits(form);
  if (files.length > items) return fill(form.dataset.wordMany, { most: items });
  const at = files.findIndex((file) => fault(form, file));
  return at < 0 ? '' : `${files[at].name}: ${fault(form, files[at])}`;
}

function tell(form, sentence) {
  const place = form.querySelector('.trouble');
  place.textContent = sentence;
  place.hidden = !sentence;
  if (sentence) place.focus();
}

function progress(form, sent) {
  const bars = [...form.querySelectorAll('.files progress')];
  const whole = form.querySelector('.whole progress'), total = files.reduce((sum, file) => sum + file.size, 0);
  let left = Math.min(sent, total);
  bars.forEach((bar, at) => {
    bar.value = Math.min(left, files[at].size);
    left -= bar.value;
  });
  whole.max = total || 1;
  const before = Math.floor(whole.value / whole.max * 4);
  whole.value = Math.min(sent, total);
  const words = fill(form.dataset.wordSent, { sent: human(whole.value), size: human(total) });
  form.querySelector('.whole p').textContent = words;
  if (Math.floor(whole.value / whole.max * 4) > before) say(words);
}

function busy(form, request) {
  under = request;
  form.querySelector('.whole').hidden = !request;
  form.querySelector('.drop').hidden = Boolean(request);
  form.querySelectorAll('fieldset, input, select, textarea, .actions button').forEach((one) => (one.disabled = Boolean(request)));
  show(form);
}

function send(form) {
  const data = new FormData(form), request = new XMLHttpRequest();
  data.delete('files');
  for (const file of files) data.append('files', file); // behind the fields: the server needs them first
  request.responseType = 'document';
  request.upload.addEventListener('progress', (event) => progress(form, event.loaded));
  request.addEventListener('load', () => arrived(form, request));
  request.addEventListener('error', () => { busy(form, null); tell(form, form.dataset.wordBroken); });
  request.addEventListener('abort', () => { busy(form, null); say(form.dataset.wordStopped); });
  request.open('POST', form.action);
  busy(form, request);
  tell(form, '');
  request.send(data);
  form.querySelector('.whole button').focus();
}

// Where the server led: to the transfer, or to the form again with what is wrong.
function arrived(form, request) {
  const path = new URL(request.responseURL, location).pathname;
  const main = request.response?.querySelector('main');
  if (path !== '/send') location.assign(request.responseURL);
  else if (!main) { busy(form, null); tell(form, form.dataset.wordBroken); }
  else {
    under = null;
    document.querySelector('main').replaceWith(document.adoptNode(main));
    begin();
    main.querySelector('.notice.error')?.focus();
  }
}

export function begin() {
  const form = document.getElementById('send');
  if (!form) return;
  form.classList.add('ready');
  form.querySelectorAll('.with-script').forEach((part) => (part.hidden = false));
  const drop = form.querySelector('.drop'), input = form.querySelector('#files');
  input.addEventListener('change', () => { add(form, input.files); input.value = ''; });
  for (const kind of ['dragover', 'dragenter'])
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add('over'); });
  for (const kind of ['dragleave', 'drop']) drop.addEventListener(kind, () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => { event.preventDefault(); add(form, event.dataTransfer.files); });
  form.addEventListener('change', (event) => event.target.name === 'conduit' && show(form));
  form.querySelector('.whole button').addEventListener('click', () => under?.abort());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = complaint(form);
    if (under) return;
    if (wrong) tell(form, wrong);
    else send(form);
  });
  show(form);
}

// A file dropped beside its place must not replace the page.
for (const kind of ['dragover', 'drop']) addEventListener(kind, (event) => event.preventDefault());
begin();
